/* callback.h - for the runtime: the callbacks that wait to be called. */
#pragma once

#include "scheduler.h"

int callbacks_init(struct co_runtime *runtime);
void callbacks_call(struct co_runtime *runtime); /* those that are handed in meanwhile wait for the next time */

/* At the end: until nothing is left and nobody holds the runtime. */
void callbacks_finish(struct co_runtime *runtime);
void callbacks_release(struct co_runtime *runtime); /* the loop needs one more turn */

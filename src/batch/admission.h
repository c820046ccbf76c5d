/* admission.h - the way in: jobs are read ahead so far and no further, and each goes to its origin. */
#pragma once

#include "state.h"

/* The task that reads, until the input has ended; the argument is the batch. */
int admission_run(struct co_task *self, void *batch);

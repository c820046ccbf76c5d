/* attempt.h - one attempt at a work, counted and noted in its result. */
#pragma once

#include "state.h"

/* What fetch() gives. */
int attempt_make(struct co_task *self, struct work *work);

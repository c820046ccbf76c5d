/* admission.h - the way in: jobs are read ahead so far and no further, and each goes to its origin. */
#pragma once

#include "state.h"

/* How many jobs may have been read and not be told of. */
size_t batch_room(const struct batch_options *options);

/* The task that reads, until the input has ended; the argument is the batch. */
int admission_run(struct co_task *self, void *batch);

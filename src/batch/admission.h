/* admission.h - the way in: jobs are read ahead so far and no further, and become works, each at its origin.
 *
 * A work takes several times the memory of a job, and thousands of them are more than a processor keeps at hand: what
 * each has would have to be fetched again when its turn comes.  So they are made when few are left; but at once
 * where it is not plain which is the next to start, because origins take turns and priorities go first.
 */
#pragma once

#include "state.h"

/* How many jobs may have been read and not be told of. */
size_t batch_room(const struct batch_options *options);

/* The task that reads, until the input has ended, and the one that makes works of it; the argument is the batch. */
int admission_read(struct co_task *self, void *batch);
int admission_run(struct co_task *self, void *batch);

/* A work has started: are more to be made? */
void admission_look(struct batch *batch);

/* A work of the next job that was read, only to be told of; NULL: there is none. */
struct work *admission_take_any(struct batch *batch);

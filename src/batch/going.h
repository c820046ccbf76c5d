/* going.h - going on, with --continue, where another run was interrupted. */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>
#include <haul/disk/output.h>

/* Before the first question of a work: the rest is to be asked for (work->range) when another run has left a part file
 * that is known to be of its URL.  0 or -ECANCELED. */
int going_take_up(struct co_task *self, const struct batch_options *options, struct output *output, struct work *work);

/* When a body begins: what a later run is to know of it. */
void going_note(const struct batch_options *options, struct output *output, const struct work *work);

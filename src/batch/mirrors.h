/* mirrors.h - a job goes on at the next place where its body may be had (places.h). */
#pragma once

#include "state.h"

/* Why the mirrors of a job cannot be asked, as a sentence, or NULL. */
const char *mirrors_problem(const struct batch_options *options, struct work *work);

/* To the next place of this round, at once: it waits at the origin of that.  False: there is none. */
bool mirrors_go_on(struct co_task *self, struct work *work);

/* To the first place of another round, of those that are left, or of all; it is not waiting anywhere yet. */
void mirrors_begin_round(struct co_task *self, struct work *work, bool all);

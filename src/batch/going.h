/* going.h - going on, with --continue, where another run was interrupted. */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>
#include <haul/disk/output.h>

/* Before the first question of a work: the rest is to be asked for (work->range) when another run has left a part file
 * that is known to be of its URL.  0 or -ECANCELED. */
int going_take_up(struct co_task *self, const struct batch_options *options, struct output *output, struct work *work);

/* Can what comes be asked for again, in parts, and is it not judged while it comes? */
bool going_may_ask_for_parts(const struct batch_options *options, const struct work *work);

/* What a later run is to know of a file with gaps, work->missing; the words about them lie in the text.  False:
 * nothing.
 */
bool going_version(const struct work *work, const char *validator, struct text *words,
                   struct output_version *ret_version);

/* With a copy of the file that stands under its name, work->may_begin: the rest is to be asked for.  -ERANGE: it cannot
 * be read; -ECANCELED; -EIO with the failure. */
int going_begin(struct co_task *self, struct output *output, struct work *work, struct failure *failure);

/* Does anything prove that the copy and the part that now comes are one?  With what the answer tells. */
bool going_is_proved(struct work *work, struct output *output);

/* When a body begins: what a later run is to know of it. */
void going_note(const struct batch_options *options, struct output *output, const struct work *work);

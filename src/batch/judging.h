/* judging.h - the checks of a job: what they need is kept on the way, and they are judged before anything is published.
 */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>
#include <haul/co/task.h>

/* Before each attempt. */
void judging_begin(struct work *work);

/* The next bytes of a body; its beginning comes first. */
void judging_note_body(const struct batch_options *options, struct work *work, struct slice bytes);

/* With the exchange whole: 0; -ECANCELED; -EIO with a failure of class check. */
int judging_conclude(struct co_task *self, const struct batch_options *options, struct work *work,
                     struct failure *failure);

/* The digest is computed with the last bytes, so it comes last: what publishing came to. */
void judging_note_digest(struct work *work, const struct output *output, struct failure *failure);

/* fetch.h - one attempt: from the network to where the body belongs.  The only place that sees both. */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>

/* Fills result.exchange, .file and .checksum.  0; -ECANCELED; -EIO with the failure; -EEXIST: a file is there already,
 * and that will do; -EALREADY: the same, found before anything was asked; -ENODATA: the file that is there is what the
 * server has. */
int fetch(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
          struct work *work, struct failure *failure);

/* Closes what a failed attempt has left in work->kept, and removes it unless a later run may go on with it. */
void fetch_leave_kept(struct co_task *self, struct work *work);

/* Closes and removes what a failed attempt has left in work->kept for the next one, if it has. */
void fetch_drop_kept(struct co_task *self, struct work *work);

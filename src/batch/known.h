/* known.h - what the cache knows of a job's file, so that its server need only be asked whether there is another
 * version. */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>

/* Before the first question: fills work->known when the file of that name is as it came from the job's URL.  Not where
 * a digest is wanted, which needs the bytes. */
void known_find(struct co_task *self, const struct batch_options *options, struct cache *cache, const char *name,
                struct work *work);

/* Has the server said, by its status 304, that there is no other version? */
bool known_is_current(const struct work *work);

/* After the body has become the file of that name. */
void known_keep(struct co_task *self, struct cache *cache, const char *name, const struct work *work);

/* standing.h - a file that stands under a job's name already: is it what the job wants? */
#pragma once

#include "work.h"

#include <haul/disk/folder.h>

/* 0: it has the digest and the size that the job demands, and is noted in the result.  -EBADMSG: it has others, or is
 * no file.  -ENODATA: the job demands neither.  -ECANCELED. */
int standing_verify(struct co_task *self, struct folder *folder, const char *name, struct work *work);

/* With --continue: is it a file that may be the beginning of what the job wants? */
bool standing_may_begin(struct co_task *self, struct folder *folder, const char *name, struct work *work);

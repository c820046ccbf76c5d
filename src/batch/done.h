/* done.h - which jobs the run that is gone on with has done already. */
#pragma once

#include "work.h"

#include <haul/batch/batch.h>

/* 1: the journal says so and the disk confirms it; the result tells of the file.  0: it is to be done.  -ECANCELED. */
int done_already(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
                 struct work *work);

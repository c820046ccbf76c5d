/* plan.h - what would become of a job, told in place of doing it. */
#pragma once

#include "state.h"

/* Delivers the work: skipped for the reason "dry-run" when it would be asked for; else as it would end before anything
 * is asked.  Its name is taken for the rest of the run. */
int plan_deliver(struct co_task *self, struct batch *batch, struct work *work);

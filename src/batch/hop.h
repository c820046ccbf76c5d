/* hop.h - requests beside those that begin attempts: where redirects lead, and what is asked once more. */
#pragma once

#include "state.h"

/* Waits until the rates allow it and its origin does not rest; it counts then.  0, or less than 0 when cancelled. */
int hop_wait(struct co_task *self, void *work, const char *origin);

/* retries.h - works that come again: whether, and when. */
#pragma once

#include "state.h"

/* Its attempt has failed: the work goes on at a mirror, sleeps until the next one, or is delivered. */
int retries_decide(struct co_task *self, struct work *work);

/* The breaker of its origin is open: it goes on elsewhere, or is delivered. */
int retries_pass_over(struct co_task *self, struct work *work);

/* A work that sleeps, woken to be told; NULL when there is none. */
struct work *retries_take_any(struct co_task *self, struct batch *batch);

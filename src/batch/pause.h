/* pause.h - what an answer says about asking again: a word for everybody who waits at the origin that gave it. */
#pragma once

#include "state.h"

/* When the server of a 429 or 503 wants to be asked again, nanoseconds from now; 0: it does not say. */
int64_t pause_wanted(const struct exchange *exchange);

/* Lets the origin of the last answer rest, when that said so: by Retry-After, or because a quota is used up. */
void pause_heed(struct work *work);

/* The same for an answer of that origin beside it. */
void pause_heed_answer(struct batch *batch, const struct exchange *exchange, const char *origin);

/* allowance.h - how many may be under way at one origin: fewer when that is too much for it, more again when it copes.
 *
 * Decides; does not wait.  Additive increase and multiplicative decrease: halved, once for all that was under way
 * together, and one more each time as many as may be under way have gone well since.
 */
#pragma once

#include <haul/job/failure.h>

#include <stdbool.h>
#include <stdint.h>

enum allowance_sign {
    ALLOWANCE_NO_SIGN,  /* for neither */
    ALLOWANCE_COPES,    /* an answer */
    ALLOWANCE_TOO_MUCH, /* 429 or 503 */
    ALLOWANCE_NO_CONNECTION,
};

/* What an attempt that ended so (FAILURE_NONE: well) is a sign of. */
enum allowance_sign allowance_sign_of(const struct failure *failure);

struct allowance {
    unsigned most, now;
    unsigned went_well; /* since `now` was changed */
    bool has_answered;
    int64_t halved_at; /* a moment; 0: never */
};

void allowance_init(struct allowance *allowance, unsigned most);

/* Of an attempt that began then.  True when `now` changes.  One that began before the last halving says nothing new;
 * connections that fail say nothing of an origin which has never answered: it is away, not busy. */
bool allowance_note(struct allowance *allowance, enum allowance_sign sign, int64_t began, int64_t now);

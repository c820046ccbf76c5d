/* rate.h - so many starts in a window of time, spread evenly over it; any such window, not only those of a clock.
 *
 * Decides; does not wait.  A start that comes late does not delay those after it, as far as the window allows.
 */
#pragma once

#include <haul/base/slice.h>

#include <stdbool.h>
#include <stdint.h>

#define RATE_MAXIMUM 1000000

struct rate_limit {
    unsigned count; /* 0: no limit */
    int64_t window; /* nanoseconds */
};

/* "50/s", "30/m" or "1/h". */
bool rate_limit_parse(struct slice written, struct rate_limit *ret_limit);

/* Starts as all zero. */
struct rate {
    int64_t due;      /* of the next start, if all come in time */
    int64_t *moments; /* of the last starts, the oldest at `next` when they are as many as the limit */
    unsigned size, capacity, next;
};

void rate_release(struct rate *rate);

/* The moment from which on there may be another start; one that is over when that is now. */
int64_t rate_ready(const struct rate *rate, const struct rate_limit *limit);
void rate_note_start(struct rate *rate, const struct rate_limit *limit, int64_t now);

/* When it will be as if there never had been a start. */
int64_t rate_forgotten(const struct rate *rate, const struct rate_limit *limit);

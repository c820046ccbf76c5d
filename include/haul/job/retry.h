/* retry.h - whether to ask again, and when.  Decides; does not wait. */
#pragma once

#include <haul/job/failure.h>

#include <stdbool.h>
#include <stdint.h>

struct retry_policy {
    unsigned retries; /* after the first attempt */
    int64_t delay;    /* before the first retry; doubles each time */
    int64_t maximum_delay;
};

/* After `attempts` attempts (at least 1) of which the last failed so: true with the wait when another is due.
 * Only transient failures are.  The wait is drawn evenly from half to all of delay * 2^(attempts-1), capped by
 * maximum_delay, so that jobs which failed together do not come back together; `random` is any 64 random bits. */
bool retry_decide(const struct retry_policy *policy, const struct failure *failure, unsigned attempts, uint64_t random,
                  int64_t *ret_wait);

/* 408, 425, 429, 500, 502, 503, 504: the server says "not now", not "no". */
bool retry_status_is_transient(int response_code);

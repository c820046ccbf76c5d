/* retry.h - whether to ask again, and when.  Decides; does not wait. */
#pragma once

#include <haul/base/slice.h>
#include <haul/job/failure.h>

#include <stdbool.h>
#include <stdint.h>

#define RETRY_STATUSES     600
#define RETRY_POLL_MINIMUM 10000000 /* nanoseconds between attempts that wait for a service */

enum retry_verdict {
    RETRY_BY_DEFAULT, /* when the failure is transient */
    RETRY_ALWAYS,
    RETRY_NEVER,
};

/* What to ask again after.  All zero: what is transient. */
struct retry_set {
    bool given;
    unsigned char otherwise; /* each an enum retry_verdict */
    unsigned char statuses[RETRY_STATUSES];
    unsigned char classes[FAILURE_CLASS_COUNT];
};

/* "5xx,429,timeout,connect,!501": statuses, hundreds of them and names of classes, each with a '!' when it is not to be
 * tried again; a status counts for more than its hundred.  A list of nothing but '!' takes away from the default. NULL,
 * or why it is no such list. */
const char *retry_set_parse(struct slice list, struct retry_set *ret_set);

struct retry_policy {
    unsigned retries;      /* after the first attempt */
    int64_t delay;         /* before the first retry, at most; doubles each time */
    int64_t maximum_delay; /* whoever asks for it */
    int64_t maximum_time;  /* from the first attempt to the beginning of the last; 0: any */
    int64_t maximum_total; /* from the first attempt to the end of the last; 0: any */
    int64_t until;         /* from the first attempt: ask again after every `delay`, whatever failed; 0: do not */
    bool all_errors;
    struct retry_set on;
};

struct retry_situation {
    unsigned attempts; /* so far, at least 1, of which the last failed */
    const char *method;
    bool elsewhere;       /* another place failed in a way that may pass, whatever this one did (places.h) */
    int64_t elapsed;      /* since the first one began */
    int64_t server_delay; /* as the server asks for; 0: it does not */
    uint64_t random;      /* any 64 random bits */
};

/* True with the wait when there is to be another attempt.  Where the server does not say how long, the wait is drawn
 * evenly from 0 to delay * 2^(attempts-1), capped by maximum_delay, so that jobs which failed together do not come back
 * together.  Never when the failure is final; after a method that is not idempotent (RFC 9110, 9.2.2) only when `on` or
 * `all_errors` asks for it.  With `until` none of this counts: only what no server can mend is final. */
bool retry_decide(const struct retry_policy *policy, const struct failure *failure,
                  const struct retry_situation *situation, int64_t *ret_wait);

/* By the policy alone: does a failure of this kind pass? */
bool retry_may_pass(const struct retry_policy *policy, const struct failure *failure);

/* Was it that place's, so that another may do? */
bool retry_is_of_place(const struct failure *failure);

/* 408, 425, 429, 500, 502, 503, 504: the server says "not now", not "no". */
bool retry_status_is_transient(int response_code);

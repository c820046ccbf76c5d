/* quota.h - what a server says is left of the requests that it allows, and until when.
 *
 * Understood are RateLimit (draft-ietf-httpapi-ratelimit-headers: `"name";r=0;t=30`, with the window of
 * RateLimit-Policy where it has no `t`; up to version 7: `limit=10, remaining=0, reset=30`), and the
 * RateLimit-Remaining and RateLimit-Reset of the versions before.  What X-RateLimit-Reset counts differs from server to
 * server, so that is not.
 */
#pragma once

#include <haul/job/exchange.h>

#include <stdbool.h>

/* True with the nanoseconds until there is more when an answer says that nothing is left; of several quotas that are
 * used up the longest wait.  A header that is not well-formed says nothing. */
bool quota_is_used_up(const struct exchange *exchange, int64_t *ret_wait);

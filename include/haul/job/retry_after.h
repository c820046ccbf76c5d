/* retry_after.h - what a server means by Retry-After (RFC 9110, 10.2.3). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* True with the nanoseconds to wait, 0 or more, INT64_MAX at most.  `value` is a number of seconds or a date; `date` is
 * the answer's Date header, from which a date is counted because the server's clock need not be ours, or NULL: then it
 * is counted from `wall_now`.  False when `value` is NULL or neither. */
bool retry_after_parse(const char *value, const char *date, int64_t wall_now, int64_t *ret_wait);

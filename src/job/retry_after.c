#include <haul/job/retry_after.h>

#include <haul/base/clock.h>
#include <haul/job/date.h>

#include <string.h>

#define SECONDS_MAXIMUM (INT64_MAX / NANOSECONDS_PER_SECOND)

/* A number of any length is a number: what is too large to count is for ever. */
static bool parse_seconds(const char *value, int64_t *ret_seconds)
{
    int64_t seconds = 0;

    if (value[0] == '\0' || value[strspn(value, "0123456789")] != '\0')
        return false;
    for (; *value; value++)
        seconds = seconds > SECONDS_MAXIMUM / 10 ? SECONDS_MAXIMUM : 10 * seconds + (*value - '0');
    *ret_seconds = seconds;
    return true;
}

static int64_t in_nanoseconds(int64_t seconds)
{
    if (seconds <= 0)
        return 0;
    return seconds < SECONDS_MAXIMUM ? seconds * NANOSECONDS_PER_SECOND : INT64_MAX;
}

bool retry_after_parse(const char *value, const char *date, int64_t wall_now, int64_t *ret_wait)
{
    int64_t seconds, now;

    if (!value)
        return false;
    if (parse_seconds(value, &seconds)) {
        *ret_wait = in_nanoseconds(seconds);
        return true;
    }
    if (!date_parse(value, &seconds))
        return false;
    if (!date_parse(date, &now))
        now = wall_now / NANOSECONDS_PER_SECOND;
    *ret_wait = in_nanoseconds(seconds - now);
    return true;
}

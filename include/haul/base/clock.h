/* clock.h - two clocks: monotonic for waits, wall time for the record only.
 *
 * A moment or a duration is a count of nanoseconds in an int64_t named for it.
 */
#pragma once

#include <stdint.h>

#define NANOSECONDS_PER_MICROSECOND INT64_C(1000)
#define NANOSECONDS_PER_MILLISECOND INT64_C(1000000)
#define NANOSECONDS_PER_SECOND      INT64_C(1000000000)

int64_t clock_monotonic(void); /* CLOCK_MONOTONIC: never jumps */
int64_t clock_wall(void);      /* CLOCK_REALTIME, since 1970 UTC */

/* RFC 3339 in UTC with microseconds: 2026-11-20T10:00:00.123456Z. */
#define CLOCK_TEXT_SIZE 32
void clock_format(int64_t wall, char text[static CLOCK_TEXT_SIZE]);

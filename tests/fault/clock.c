/* Preloaded into a program, makes the clock on the wall jump, and no other.  CLOCK_JUMPS says when and by how much, in
 * milliseconds since the program began and seconds that the clock is wrong by from then on: "300:-3600,900:86400". */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* Not by the library, whose place others take too. */
static int read_clock(clockid_t clock, struct timespec *now)
{
    return (int)syscall(SYS_clock_gettime, clock, now);
}

static int64_t milliseconds(void)
{
    struct timespec now;

    read_clock(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t began;

static __attribute__((constructor)) void begin(void)
{
    began = milliseconds();
}

static long wrong_by(void)
{
    const char *jump = getenv("CLOCK_JUMPS");
    long seconds = 0;

    while (jump && *jump) {
        char *end;

        if (strtol(jump, &end, 10) > milliseconds() - began)
            return seconds;
        seconds = strtol(*end == ':' ? end + 1 : end, &end, 10);
        jump = *end == ',' ? end + 1 : NULL;
    }
    return seconds;
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *now)
{
    int result = read_clock(clock, now);

    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += wrong_by();
    return result;
}

EXPORT int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    *now = (struct timeval){exact.tv_sec, exact.tv_nsec / 1000};
    return 0;
}

EXPORT time_t time(time_t *ret_now)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (ret_now)
        *ret_now = now.tv_sec;
    return now.tv_sec;
}

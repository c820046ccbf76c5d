#include <haul/base/clock.h>

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now;

    clock_gettime(id, &now);
    return now.tv_sec * NANOSECONDS_PER_SECOND + now.tv_nsec;
}

int64_t clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_wall(void)
{
    return read_clock(CLOCK_REALTIME);
}

void clock_format(int64_t wall, char text[static CLOCK_TEXT_SIZE])
{
    time_t seconds = wall / NANOSECONDS_PER_SECOND;
    int64_t rest = wall % NANOSECONDS_PER_SECOND;
    struct tm parts;
    size_t length;

    if (rest < 0) {
        rest += NANOSECONDS_PER_SECOND;
        seconds--;
    }
    gmtime_r(&seconds, &parts);
    length = strftime(text, CLOCK_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + length, CLOCK_TEXT_SIZE - length, ".%06dZ", (int)(rest / NANOSECONDS_PER_MICROSECOND));
}

#include <haul/base/clock.h>
#include <haul/base/digits.h>

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

static char *put_part(char *text, int number, char behind)
{
    text = digits_put_pair(text, (unsigned)number);
    *text = behind;
    return text + 1;
}

/* Not by strftime and snprintf, which took a sixth of the time of writing a record. */
void clock_format(int64_t wall, char text[static CLOCK_TEXT_SIZE])
{
    time_t seconds = wall / NANOSECONDS_PER_SECOND;
    int64_t rest = wall % NANOSECONDS_PER_SECOND;
    struct tm parts;

    if (rest < 0) {
        rest += NANOSECONDS_PER_SECOND;
        seconds--;
    }
    gmtime_r(&seconds, &parts); /* 64 bits of nanoseconds end in the year 2262 */
    text = digits_put_pair(text, (unsigned)(parts.tm_year + 1900) / 100);
    text = put_part(text, (parts.tm_year + 1900) % 100, '-');
    text = put_part(text, parts.tm_mon + 1, '-');
    text = put_part(text, parts.tm_mday, 'T');
    text = put_part(text, parts.tm_hour, ':');
    text = put_part(text, parts.tm_min, ':');
    text = put_part(text, parts.tm_sec, '.');
    text = digits_put_six(text, (unsigned)(rest / NANOSECONDS_PER_MICROSECOND));
    memcpy(text, "Z", sizeof "Z");
}

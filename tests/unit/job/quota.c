#include <haul/base/clock.h>
#include <haul/job/quota.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_MAXIMUM 4

/* Seconds that an answer with "name: value" lines asks for; -1: none. */
static int64_t seconds_of(const char *const lines[HEADERS_MAXIMUM])
{
    static char names[HEADERS_MAXIMUM][32];
    struct header headers[HEADERS_MAXIMUM];
    struct exchange exchange = {.headers = headers};
    int64_t wait;

    for (unsigned i = 0; i < HEADERS_MAXIMUM && lines[i]; i++) {
        size_t length = strcspn(lines[i], ":");

        memcpy(names[i], lines[i], length);
        names[i][length] = '\0';
        headers[i] = (struct header){names[i], lines[i] + length + 2};
        exchange.header_count++;
    }
    return quota_is_used_up(&exchange, &wait) ? wait / NANOSECONDS_PER_SECOND : -1;
}

struct example {
    const char *lines[HEADERS_MAXIMUM];
    int64_t seconds;
};

static void check(const struct example *examples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t seconds = seconds_of(examples[i].lines);

        cr_expect_eq(seconds, examples[i].seconds, "'%s' gave %jd", examples[i].lines[0], (intmax_t)seconds);
    }
}

#define CHECK(examples) check(examples, sizeof(examples) / sizeof *(examples))

Test(quota, that_is_used_up_says_until_when)
{
    static const struct example examples[] = {
        {{"ratelimit: \"default\";r=0;t=30"}, 30},
        {{"ratelimit: \"default\";t=30;r=0"}, 30},
        {{"ratelimit: default;r=0;t=30"}, 30},
        {{"ratelimit: \"default\"; r=0; t=30 "}, 30},
        {{"ratelimit: \"a \\\" b\";r=0;t=3;pk=:c29tZQ==:;x;y=?1;z=1.5;v=-1"}, 3},
        {{"ratelimit: \"default\";r=1;t=30"}, -1},
        {{"ratelimit: \"default\";r=0;t=0"}, -1},
        {{"ratelimit: \"default\";t=30"}, -1},
        {{"ratelimit: limit=100, remaining=0, reset=50"}, 50},
        {{"ratelimit: limit=100, remaining=1, reset=50"}, -1},
        {{"ratelimit-limit: 100", "ratelimit-remaining: 0", "ratelimit-reset: 20"}, 20},
        {{"ratelimit-limit: 100, 100;w=60", "ratelimit-remaining: 0", "ratelimit-reset: 20"}, 20},
        {{"ratelimit-remaining: 5", "ratelimit-reset: 20"}, -1},
        {{"ratelimit-remaining: 0"}, -1},
    };

    CHECK(examples);
}

Test(quota, is_the_one_that_lasts_longest_of_those_used_up)
{
    static const struct example examples[] = {
        {{"ratelimit: \"minute\";r=0;t=30, \"hour\";r=0;t=1800, \"day\";r=7;t=80000"}, 1800},
        {{"ratelimit: \"minute\";r=0;t=30", "ratelimit: \"hour\";r=0;t=40"}, 40},
        {{"ratelimit: \"minute\";r=0;t=30", "ratelimit-remaining: 0", "ratelimit-reset: 99"}, 30},
    };

    CHECK(examples);
}

Test(quota, without_a_time_lasts_as_long_as_its_policy_says)
{
    static const struct example examples[] = {
        {{"ratelimit-policy: \"hour\";q=1000;w=3600, \"minute\";q=10;w=60", "ratelimit: \"minute\";r=0"}, 60},
        {{"ratelimit-policy: \"hour\";q=1000;w=3600", "ratelimit: \"minute\";r=0"}, -1},
        {{"ratelimit-policy: \"minute\";q=10", "ratelimit: \"minute\";r=0"}, -1},
        {{"ratelimit: \"minute\";r=0"}, -1},
    };

    CHECK(examples);
}

Test(quota, is_not_read_from_garbage)
{
    static const struct example examples[] = {
        {{"ratelimit: "}, -1},
        {{"ratelimit: r=0;t=30"}, -1},
        {{"ratelimit: \"default\";r=0;t=30,"}, -1},
        {{"ratelimit: \"default\";r=0;t=30 x"}, -1},
        {{"ratelimit: \"default;r=0;t=30"}, -1},
        {{"ratelimit: \"default\\"}, -1},
        {{"ratelimit: \"default\";r=0;t=soon"}, -1},
        {{"ratelimit: \"default\";r=0;t=-30"}, -1},
        {{"ratelimit: \"default\";r=0;t=3.5"}, -1},
        {{"ratelimit: \"default\";r=0;t="}, -1},
        {{"ratelimit: \"default\";r=0;=30"}, -1},
        {{"ratelimit: \"default\";r=0;T=30"}, -1},
        {{"ratelimit: \"default\";r=-0;t=9999999999999999999"}, -1},
        {{"ratelimit: (\"a\" \"b\");r=0;t=30"}, -1},
        {{"ratelimit: \"\xff\";r=0;t=30"}, -1},
        {{"ratelimit: -"}, -1},
        {{"ratelimit-remaining: none", "ratelimit-reset: 20"}, -1},
        {{"ratelimit-remaining: 0", "ratelimit-reset: 1e9"}, -1},
        {{"ratelimit-remaining: 0", "ratelimit-reset: -1"}, -1},
        {{"x-ratelimit-remaining: 0", "x-ratelimit-reset: 20"}, -1},
        {{"content-type: text/plain"}, -1},
    };

    CHECK(examples);
}

Test(quota, survives_every_cut_and_every_byte)
{
    static const char whole[] = "ratelimit: \"a\";r=0;t=30;k=:AA==:, b=?1;c=-1.5, *d/e;f";
    char changed[sizeof whole];

    for (size_t i = 11; i < sizeof whole - 1; i++) {
        for (int byte = 0; byte < 256; byte++) {
            memcpy(changed, whole, sizeof whole);
            changed[i] = (char)byte;
            seconds_of((const char *const[HEADERS_MAXIMUM]){changed});
        }
    }
}

#include <haul/base/clock.h>
#include <haul/job/bandwidth.h>

#include <criterion/criterion.h>

#define SECOND NANOSECONDS_PER_SECOND

/* Bytes let through in so many seconds, in portions, whoever waits being late by up to `lateness`; the most in two
 * seconds goes to ret_most. */
static int64_t run(int64_t rate, int64_t portion, int64_t lateness, int64_t seconds, int64_t *ret_most)
{
    struct bandwidth bandwidth = {.free_from = 0};
    int64_t now = 7 * SECOND, end = now + seconds * SECOND, total = 0, window = 0, window_end = now + 2 * SECOND;
    uint32_t random = 1;

    *ret_most = 0;
    for (;;) {
        random = random * 1103515245 + 12345;
        if (!bandwidth_is_free(&bandwidth, now))
            now = bandwidth.free_from + (lateness > 0 ? (random >> 8) % lateness : 0);
        if (now >= end)
            return total;
        if (now >= window_end) {
            window = 0;
            window_end += 2 * SECOND;
        }
        bandwidth_note(&bandwidth, rate, portion, now);
        total += portion;
        window += portion;
        *ret_most = window > *ret_most ? window : *ret_most;
    }
}

Test(bandwidth, is_used_up_and_not_exceeded_in_two_seconds_however_late_the_moments_are_met)
{
    static const int64_t rates[] = {50000, 1000000, 10000000}, lateness[] = {0, 1000000, BANDWIDTH_CATCH_UP};

    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        for (size_t j = 0; j < sizeof lateness / sizeof *lateness; j++) {
            int64_t most, total = run(rates[i], bandwidth_portion(rates[i]), lateness[j], 20, &most);

            cr_expect(total > 19 * rates[i] && total < 21 * rates[i], "%jd of %jd", (intmax_t)total,
                      (intmax_t)rates[i]);
            cr_expect_leq((double)most, 2.1 * (double)rates[i]);
        }
    }
}

Test(bandwidth, that_was_not_used_is_gone)
{
    struct bandwidth bandwidth = {.free_from = 0};

    bandwidth_note(&bandwidth, 1000, 1000, 100 * SECOND);
    cr_expect_not(bandwidth_is_free(&bandwidth, 101 * SECOND - 1));
    cr_expect(bandwidth_is_free(&bandwidth, 101 * SECOND));
    bandwidth_note(&bandwidth, 1000, 1000, 200 * SECOND);
    cr_expect_not(bandwidth_is_free(&bandwidth, 201 * SECOND - BANDWIDTH_CATCH_UP - 1));
}

Test(bandwidth, may_be_tiny_or_huge)
{
    struct bandwidth bandwidth = {.free_from = 0};

    bandwidth_note(&bandwidth, INT64_MAX, INT64_MAX, SECOND);
    cr_expect(bandwidth_is_free(&bandwidth, 3 * SECOND));
    bandwidth_note(&bandwidth, 1, INT64_MAX, SECOND);
    bandwidth_note(&bandwidth, 1, INT64_MAX, SECOND);
    cr_expect_not(bandwidth_is_free(&bandwidth, INT64_MAX - 1));
}

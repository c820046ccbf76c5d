#include <haul/base/clock.h>
#include <haul/job/rate.h>

#include <criterion/criterion.h>

#define SECOND NANOSECONDS_PER_SECOND
#define STARTS 5000

Test(rate, reads_a_count_and_a_unit_of_time)
{
    static const char *const bad[] = {"", "5", "/s", "0/s", "5/", "5/d", "5/ s", "-1/s", "1.5/s", "1000001/s", "5/s "};
    struct rate_limit limit;

    cr_expect(rate_limit_parse(SLICE("50/s"), &limit) && limit.count == 50 && limit.window == SECOND);
    cr_expect(rate_limit_parse(SLICE("3/m"), &limit) && limit.count == 3 && limit.window == 60 * SECOND);
    cr_expect(rate_limit_parse(SLICE("1/h"), &limit) && limit.count == 1 && limit.window == 3600 * SECOND);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(rate_limit_parse(slice_of(bad[i]), &limit), "'%s'", bad[i]);
}

/* Starts as soon as it is allowed to; who has to wait is late by up to `lateness`. */
static int64_t run(const struct rate_limit *limit, int64_t lateness, int64_t moments[STARTS])
{
    struct rate rate = {.size = 0};
    int64_t now = 7 * SECOND;
    uint32_t random = 1;

    for (unsigned i = 0; i < STARTS; i++) {
        int64_t ready = rate_ready(&rate, limit);

        random = random * 1664525 + 1013904223;
        if (ready > now)
            now = ready + (lateness > 0 ? (int64_t)random % lateness : 0);
        rate_note_start(&rate, limit, now);
        moments[i] = now;
    }
    rate_release(&rate);
    return moments[STARTS - 1] - moments[0];
}

Test(rate, holds_for_every_window_and_loses_nothing_to_late_timers)
{
    static const struct rate_limit limits[] = {
        {1, SECOND}, {7, SECOND}, {50, SECOND}, {1000, SECOND}, {30, 60 * SECOND}};
    static const int64_t latenesses[] = {0, NANOSECONDS_PER_MILLISECOND, 15 * NANOSECONDS_PER_MILLISECOND};
    static int64_t moments[STARTS];

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (size_t j = 0; j < sizeof latenesses / sizeof *latenesses; j++) {
            double ideal = (double)(STARTS - 1) / limits[i].count * (double)limits[i].window;
            double took = (double)run(&limits[i], latenesses[j], moments);

            for (unsigned k = limits[i].count; k < STARTS; k++)
                cr_assert_geq(moments[k] - moments[k - limits[i].count], limits[i].window);
            cr_expect(took > 0.98 * ideal && took < 1.05 * ideal, "%zu, %zu: %f of %f", i, j, took, ideal);
        }
}

Test(rate, allows_no_burst_after_a_pause)
{
    const struct rate_limit limit = {10, SECOND};
    struct rate rate = {.size = 0};

    rate_note_start(&rate, &limit, SECOND);
    rate_note_start(&rate, &limit, 100 * SECOND);
    cr_expect_gt(rate_ready(&rate, &limit), 100 * SECOND + SECOND / 20);
    cr_expect_geq(rate_forgotten(&rate, &limit), 101 * SECOND);
    rate_release(&rate);
}

#include <haul/base/clock.h>

#include <criterion/criterion.h>

static void assert_format(int64_t wall, const char *expected)
{
    char text[CLOCK_TEXT_SIZE];

    clock_format(wall, text);
    cr_assert_str_eq(text, expected);
}

Test(clock, writes_wall_time_as_rfc_3339_with_microseconds)
{
    assert_format(0, "1970-01-01T00:00:00.000000Z");
    assert_format(INT64_C(1795168800123456789), "2026-11-20T10:00:00.123456Z");
    assert_format(INT64_C(1709164799999999999), "2024-02-28T23:59:59.999999Z");
}

Test(clock, writes_any_moment_it_can_hold)
{
    assert_format(-1, "1969-12-31T23:59:59.999999Z");
    assert_format(INT64_MAX, "2262-04-11T23:47:16.854775Z");
    assert_format(INT64_MIN, "1677-09-21T00:12:43.145224Z");
}

Test(clock, never_goes_back)
{
    int64_t previous = clock_monotonic();

    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic();

        cr_assert_geq(now, previous);
        previous = now;
    }
}

Test(clock, knows_that_this_was_written_after_2024)
{
    cr_assert_gt(clock_wall(), INT64_C(1704067200) * NANOSECONDS_PER_SECOND);
}

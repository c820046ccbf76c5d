#include <haul/base/clock.h>
#include <haul/job/retry_after.h>

#include <criterion/criterion.h>

#define SECOND NANOSECONDS_PER_SECOND
#define NOW    (784111777 * SECOND) /* Sun, 06 Nov 1994 08:49:37 GMT */

Test(retry_after, counts_seconds)
{
    static const struct {
        const char *value;
        int64_t wait;
    } cases[] = {
        {"0", 0},
        {"2", 2 * SECOND},
        {"0120", 120 * SECOND},
        {"31536000", 31536000 * SECOND},
        {"99999999999999999999999999999999999999", INT64_MAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t wait = -1;

        cr_expect(retry_after_parse(cases[i].value, NULL, NOW, &wait), "%s", cases[i].value);
        cr_expect_eq(wait, cases[i].wait, "%s", cases[i].value);
    }
}

Test(retry_after, understands_the_three_forms_of_a_date)
{
    static const char *const dates[] = {
        "Sun, 06 Nov 1994 08:49:47 GMT",
        "Sunday, 06-Nov-94 08:49:47 GMT",
        "Sun Nov  6 08:49:47 1994",
    };

    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        int64_t wait = -1;

        cr_expect(retry_after_parse(dates[i], NULL, NOW, &wait), "%s", dates[i]);
        cr_expect_eq(wait, 10 * SECOND, "%s", dates[i]);
    }
}

Test(retry_after, counts_a_date_from_that_of_the_server)
{
    int64_t wait;

    cr_assert(retry_after_parse("Sun, 06 Nov 1994 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:45 GMT", NOW + SECOND, &wait));
    cr_expect_eq(wait, 2 * SECOND);
    cr_assert(retry_after_parse("Sun, 06 Nov 1994 08:49:47 GMT", "yesterday", NOW, &wait));
    cr_expect_eq(wait, 10 * SECOND);
}

Test(retry_after, takes_a_date_that_is_over_for_now)
{
    int64_t wait = -1;

    cr_assert(retry_after_parse("Sun, 06 Nov 1994 08:49:27 GMT", NULL, NOW, &wait));
    cr_expect_eq(wait, 0);
}

Test(retry_after, makes_nothing_of_garbage)
{
    static const char *const garbage[] = {NULL, "", "-1", "1.5", "2s", "soon", "Sun, 06 Nov 1994", "1 2", "0x10"};
    int64_t wait = -1;

    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++)
        cr_expect_not(retry_after_parse(garbage[i], NULL, NOW, &wait), "%zu", i);
    cr_expect_eq(wait, -1);
}

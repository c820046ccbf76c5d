#include <haul/base/clock.h>
#include <haul/job/retry.h>

#include <criterion/criterion.h>
#include <limits.h>

#define SECOND NANOSECONDS_PER_SECOND

static const struct failure transient = {.class = FAILURE_HTTP, .code = 503, .transient = true};

Test(retry, asks_again_only_after_transient_failures)
{
    const struct retry_policy policy = {.retries = 3, .delay = SECOND, .maximum_delay = SECOND};
    const struct failure final = {.class = FAILURE_HTTP, .code = 404};
    int64_t wait = -1;

    cr_assert(retry_decide(&policy, &transient, 1, 0, &wait));
    wait = -1;
    cr_assert_not(retry_decide(&policy, &final, 1, 0, &wait));
    cr_assert_eq(wait, -1);
}

Test(retry, stops_when_the_retries_are_used_up)
{
    const struct retry_policy policy = {.retries = 3, .delay = SECOND, .maximum_delay = SECOND}, none = {0};
    int64_t wait;

    cr_assert(retry_decide(&policy, &transient, 3, 0, &wait));
    cr_assert_not(retry_decide(&policy, &transient, 4, 0, &wait));
    cr_assert_not(retry_decide(&none, &transient, 1, 0, &wait));
}

Test(retry, waits_from_half_to_all_of_a_delay_that_doubles_up_to_the_maximum)
{
    const struct retry_policy policy = {.retries = UINT_MAX, .delay = SECOND, .maximum_delay = 60 * SECOND};
    static const struct {
        unsigned attempts;
        int64_t longest;
    } cases[] = {
        {1, SECOND},      {2, 2 * SECOND},   {3, 4 * SECOND},        {6, 32 * SECOND},        {7, 60 * SECOND},
        {8, 60 * SECOND}, {64, 60 * SECOND}, {1000000, 60 * SECOND}, {UINT_MAX, 60 * SECOND},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const int64_t longest = cases[i].longest, half = longest / 2;
        int64_t wait;

        cr_assert(retry_decide(&policy, &transient, cases[i].attempts, 0, &wait));
        cr_assert_eq(wait, half, "attempt %u", cases[i].attempts);
        cr_assert(retry_decide(&policy, &transient, cases[i].attempts, (uint64_t)half, &wait));
        cr_assert_eq(wait, longest, "attempt %u", cases[i].attempts);
        cr_assert(retry_decide(&policy, &transient, cases[i].attempts, UINT64_MAX, &wait));
        cr_assert(wait >= half && wait <= longest, "attempt %u", cases[i].attempts);
    }
}

Test(retry, survives_any_delay)
{
    static const struct retry_policy policies[] = {
        {.retries = UINT_MAX, .delay = 0, .maximum_delay = 0},
        {.retries = UINT_MAX, .delay = 0, .maximum_delay = INT64_MAX},
        {.retries = UINT_MAX, .delay = 1, .maximum_delay = 1},
        {.retries = UINT_MAX, .delay = INT64_MAX, .maximum_delay = INT64_MAX},
        {.retries = UINT_MAX, .delay = INT64_MAX, .maximum_delay = 3},
        {.retries = UINT_MAX, .delay = 3, .maximum_delay = INT64_MAX},
    };

    for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++)
        for (unsigned attempts = 1; attempts < 100; attempts++) {
            int64_t wait = -1;

            cr_assert(retry_decide(&policies[i], &transient, attempts, UINT64_MAX - attempts, &wait));
            cr_assert(wait >= 0 && wait <= policies[i].maximum_delay, "policy %zu, attempt %u", i, attempts);
        }
}

Test(retry, takes_not_now_for_transient_but_no_for_an_answer)
{
    static const int not_now[] = {408, 425, 429, 500, 502, 503, 504}, no[] = {0, 200, 301, 400, 404, 410, 501, 505};

    for (size_t i = 0; i < sizeof(not_now) / sizeof(*not_now); i++)
        cr_expect(retry_status_is_transient(not_now[i]), "%d", not_now[i]);
    for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++)
        cr_expect_not(retry_status_is_transient(no[i]), "%d", no[i]);
}

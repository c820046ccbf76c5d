#include <haul/base/clock.h>
#include <haul/job/retry.h>

#include <criterion/criterion.h>
#include <limits.h>

#define SECOND NANOSECONDS_PER_SECOND

static const struct failure transient = {.class = FAILURE_HTTP, .code = 503, .transient = true};

static bool decide(const struct retry_policy *policy, const struct failure *failure, unsigned attempts, uint64_t random,
                   int64_t *ret_wait)
{
    return retry_decide(policy, failure,
                        &(struct retry_situation){.attempts = attempts, .method = "GET", .random = random}, ret_wait);
}

Test(retry, polls_for_a_service_whatever_failed_until_the_time_is_up)
{
    struct retry_policy policy = {.delay = 100000000, .until = 1000000000};
    struct retry_situation situation = {.attempts = 50, .method = "POST", .elapsed = 899999999};
    struct failure failure = {.class = FAILURE_CHECK};
    int64_t wait = 0;

    cr_assert(retry_decide(&policy, &failure, &situation, &wait));
    cr_assert_eq(wait, 100000000);
    situation.elapsed++;
    cr_assert_not(retry_decide(&policy, &failure, &situation, &wait));
    situation.elapsed = 0;
    situation.server_delay = 500000000;
    cr_assert(retry_decide(&policy, &failure, &situation, &wait));
    cr_assert_eq(wait, 500000000);
    policy.delay = 0;
    situation.server_delay = 0;
    cr_assert(retry_decide(&policy, &failure, &situation, &wait));
    cr_assert_eq(wait, RETRY_POLL_MINIMUM);
    failure.class = FAILURE_DISK;
    cr_assert_not(retry_decide(&policy, &failure, &situation, &wait));
    failure = (struct failure){.class = FAILURE_HTTP, .final = true};
    cr_assert_not(retry_decide(&policy, &failure, &situation, &wait));
}

Test(retry, asks_again_only_after_transient_failures)
{
    const struct retry_policy policy = {.retries = 3, .delay = SECOND, .maximum_delay = SECOND};
    const struct failure final = {.class = FAILURE_HTTP, .code = 404};
    int64_t wait = -1;

    cr_assert(decide(&policy, &transient, 1, 0, &wait));
    wait = -1;
    cr_assert_not(decide(&policy, &final, 1, 0, &wait));
    cr_assert_eq(wait, -1);
}

Test(retry, stops_when_the_retries_are_used_up)
{
    const struct retry_policy policy = {.retries = 3, .delay = SECOND, .maximum_delay = SECOND}, none = {0};
    int64_t wait;

    cr_assert(decide(&policy, &transient, 3, 0, &wait));
    cr_assert_not(decide(&policy, &transient, 4, 0, &wait));
    cr_assert_not(decide(&none, &transient, 1, 0, &wait));
}

Test(retry, waits_for_any_part_of_a_delay_that_doubles_up_to_the_maximum)
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
        int64_t longest = cases[i].longest, wait;

        cr_assert(decide(&policy, &transient, cases[i].attempts, 0, &wait));
        cr_assert_eq(wait, 0, "attempt %u", cases[i].attempts);
        cr_assert(decide(&policy, &transient, cases[i].attempts, (uint64_t)longest, &wait));
        cr_assert_eq(wait, longest, "attempt %u", cases[i].attempts);
        cr_assert(decide(&policy, &transient, cases[i].attempts, UINT64_MAX, &wait));
        cr_assert(wait >= 0 && wait <= longest, "attempt %u", cases[i].attempts);
    }
}

Test(retry, waits_as_the_server_says_up_to_the_maximum)
{
    const struct retry_policy policy = {.retries = 3, .delay = SECOND, .maximum_delay = 5 * SECOND};
    struct retry_situation situation = {.attempts = 1, .method = "GET", .server_delay = 2 * SECOND};
    int64_t wait;

    cr_assert(retry_decide(&policy, &transient, &situation, &wait));
    cr_expect_eq(wait, 2 * SECOND);
    situation.server_delay = INT64_MAX;
    cr_assert(retry_decide(&policy, &transient, &situation, &wait));
    cr_expect_eq(wait, 5 * SECOND);
}

Test(retry, begins_nothing_that_is_out_of_time)
{
    const struct retry_policy limited[] = {
        {.retries = 3, .maximum_delay = 60 * SECOND, .maximum_time = 10 * SECOND},
        {.retries = 3, .maximum_delay = 60 * SECOND, .maximum_total = 10 * SECOND},
    };

    for (size_t i = 0; i < 2; i++) {
        struct retry_situation situation = {
            .attempts = 1, .method = "GET", .elapsed = 8 * SECOND, .server_delay = SECOND};
        int64_t wait;

        cr_expect(retry_decide(&limited[i], &transient, &situation, &wait));
        situation.server_delay = 2 * SECOND;
        cr_expect_not(retry_decide(&limited[i], &transient, &situation, &wait));
        situation.elapsed = 11 * SECOND;
        situation.server_delay = 0;
        cr_expect_not(retry_decide(&limited[i], &transient, &situation, &wait));
    }
}

Test(retry, repeats_what_may_do_harm_only_when_asked)
{
    static const char *const harmless[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}, *const harmful[] = {
                                                                                           "POST", "PATCH", "BREW"};
    const struct retry_policy policy = {.retries = 1}, all = {.retries = 1, .all_errors = true},
                              asked = {.retries = 1, .on = {.given = true}};
    int64_t wait;

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        cr_expect(
            retry_decide(&policy, &transient, &(struct retry_situation){.attempts = 1, .method = harmless[i]}, &wait));
    for (size_t i = 0; i < sizeof harmful / sizeof *harmful; i++) {
        struct retry_situation situation = {.attempts = 1, .method = harmful[i]};

        cr_expect_not(retry_decide(&policy, &transient, &situation, &wait));
        cr_expect(retry_decide(&all, &transient, &situation, &wait));
        cr_expect(retry_decide(&asked, &transient, &situation, &wait));
    }
}

static bool retries_on(const char *list, enum failure_class class, int code, bool is_transient)
{
    struct retry_policy policy = {.retries = 1};
    struct failure failure = {.class = class, .code = code, .transient = is_transient};
    int64_t wait;

    cr_assert_null(retry_set_parse(slice_of(list), &policy.on), "'%s'", list);
    return decide(&policy, &failure, 1, 0, &wait);
}

Test(retry, is_made_after_just_what_a_list_names)
{
    const char *list = "!501, 5xx,429,timeout,connect";

    cr_expect(retries_on(list, FAILURE_HTTP, 500, true));
    cr_expect(retries_on(list, FAILURE_HTTP, 599, false));
    cr_expect_not(retries_on(list, FAILURE_HTTP, 501, false));
    cr_expect(retries_on(list, FAILURE_HTTP, 429, true));
    cr_expect_not(retries_on(list, FAILURE_HTTP, 408, true));
    cr_expect(retries_on(list, FAILURE_TIMEOUT, 28, true));
    cr_expect(retries_on(list, FAILURE_CONNECT, 7, true));
    cr_expect_not(retries_on(list, FAILURE_PARTIAL, 18, true));
    cr_expect_not(retries_on("404", FAILURE_HTTP, 503, true));
    cr_expect(retries_on("404", FAILURE_HTTP, 404, false));
    cr_expect(retries_on("http,!404", FAILURE_HTTP, 410, false));
    cr_expect_not(retries_on("http,!404", FAILURE_HTTP, 404, false));
}

Test(retry, is_made_as_usual_but_for_what_a_list_takes_away)
{
    cr_expect_not(retries_on("!503,!dns", FAILURE_HTTP, 503, true));
    cr_expect_not(retries_on("!503,!dns", FAILURE_DNS, 6, true));
    cr_expect(retries_on("!503,!dns", FAILURE_HTTP, 500, true));
    cr_expect_not(retries_on("!503,!dns", FAILURE_HTTP, 404, false));
}

Test(retry, knows_what_is_no_list)
{
    static const char *const bad[] = {"",     ",",        "5xx,", "!",    "6xx",     "200",
                                      "9999", "timeouts", "disk", "none", "5xx 429", "!!501"};
    struct retry_set set = {.given = false};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not_null(retry_set_parse(slice_of(bad[i]), &set), "'%s'", bad[i]);
    cr_expect_not(set.given);
}

Test(retry, is_made_after_any_error_that_another_answer_can_mend)
{
    const struct retry_policy policy = {.retries = 1, .all_errors = true};
    static const enum failure_class never[] = {FAILURE_INPUT, FAILURE_DISK, FAILURE_DENIED, FAILURE_CANCELLED};
    const struct failure refused = {.class = FAILURE_HTTP, .code = 404},
                         final = {.class = FAILURE_PARTIAL, .final = true};
    int64_t wait;

    cr_expect(decide(&policy, &refused, 1, 0, &wait));
    cr_expect_not(decide(&policy, &final, 1, 0, &wait));
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        cr_expect_not(decide(&policy, &(struct failure){.class = never[i]}, 1, 0, &wait));
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

            cr_assert(decide(&policies[i], &transient, attempts, UINT64_MAX - attempts, &wait));
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

Test(retry, asks_again_when_another_place_may_have_it_after_all)
{
    static const struct retry_policy policy = {.retries = 1, .delay = 1, .maximum_delay = 1};
    struct failure missing = {.class = FAILURE_HTTP, .code = 404}, late = {.class = FAILURE_TIMEOUT, .final = true};
    struct retry_situation situation = {.attempts = 1, .method = "GET"};
    int64_t wait;

    cr_assert_not(retry_decide(&policy, &missing, &situation, &wait));
    situation.elsewhere = true;
    cr_assert(retry_decide(&policy, &missing, &situation, &wait));
    cr_assert_not(retry_decide(&policy, &late, &situation, &wait));
    situation.attempts = 2;
    cr_assert_not(retry_decide(&policy, &missing, &situation, &wait));
}

Test(retry, knows_what_another_place_may_do_better)
{
    for (enum failure_class class = 0; class < FAILURE_CLASS_COUNT; class ++) {
        bool of_us = class == FAILURE_NONE || class == FAILURE_INPUT || class == FAILURE_DISK ||
                     class == FAILURE_CANCELLED || class == FAILURE_INTERNAL;

        cr_expect_eq(retry_is_of_place(&(struct failure){.class = class}), !of_us, "%s", failure_class_name(class));
        cr_expect_not(retry_is_of_place(&(struct failure){.class = class, .final = true}));
    }
}

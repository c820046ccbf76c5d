#include <haul/base/clock.h>
#include <haul/job/totals.h>

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define SAMPLES 20000

static void add_latency(struct totals *totals, int64_t latency)
{
    totals_add(totals, &(struct result){.exchange.response_code = 200, .exchange.time.total = latency});
}

static void add_failed(struct totals *totals, enum failure_class class)
{
    totals_add(totals, &(struct result){.status = RESULT_FAILED, .failure.class = class});
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

Test(totals, counts_what_the_results_say)
{
    CLEANUP(totals_release) struct totals totals = {0};

    totals_add(&totals,
               &(struct result){.exchange.response_code = 200, .exchange.size_download = 100, .attempt_count = 3});
    totals_add(&totals,
               &(struct result){.exchange.response_code = 200, .exchange.size_download = 10, .attempt_count = 1});
    totals_add(&totals,
               &(struct result){.status = RESULT_FAILED, .exchange.response_code = 404, .failure.class = FAILURE_HTTP});
    totals_add(&totals, &(struct result){.status = RESULT_CANCELLED, .failure.class = FAILURE_CANCELLED});
    cr_assert_eq(totals.total, 4);
    cr_assert_eq(totals.by_result[RESULT_OK], 2);
    cr_assert_eq(totals.by_result[RESULT_FAILED], 1);
    cr_assert_eq(totals.by_result[RESULT_CANCELLED], 1);
    cr_assert_eq(totals.by_class[FAILURE_HTTP], 1);
    cr_assert_eq(totals.by_class[FAILURE_NONE], 0);
    cr_assert_eq(totals.by_class[FAILURE_CANCELLED], 0);
    cr_assert_eq(totals.by_response_code[200], 2);
    cr_assert_eq(totals.by_response_code[404], 1);
    cr_assert_eq(totals.by_response_code[0], 1);
    cr_assert_eq(totals.bytes, 110);
    cr_assert_eq(totals.retries, 2);
}

Test(totals, holds_response_codes_that_do_not_exist)
{
    CLEANUP(totals_release) struct totals totals = {0};

    totals_add(&totals, &(struct result){.exchange.response_code = 599});
    totals_add(&totals, &(struct result){.exchange.response_code = 999});
    totals_add(&totals, &(struct result){.exchange.response_code = -1});
    cr_assert_eq(totals.by_response_code[599], 2);
    cr_assert_eq(totals.by_response_code[0], 1);
}

Test(totals, counts_by_origin)
{
    CLEANUP(totals_release) struct totals totals = {0};

    totals_add(&totals, &(struct result){.origin = "http://a:80", .exchange.size_download = 5});
    totals_add(&totals, &(struct result){.origin = "http://b:80", .exchange.size_download = 7});
    totals_add(&totals, &(struct result){.origin = "http://a:80", .status = RESULT_FAILED});
    totals_add(&totals, &(struct result){.status = RESULT_FAILED, .failure.class = FAILURE_INPUT});
    cr_assert_eq(totals.origin_count, 2);
    cr_assert_str_eq(totals.origins[0].origin, "http://a:80");
    cr_assert_eq(totals.origins[0].total, 2);
    cr_assert_eq(totals.origins[0].ok, 1);
    cr_assert_eq(totals.origins[0].bytes, 5);
    cr_assert_str_eq(totals.origins[1].origin, "http://b:80");
    cr_assert_eq(totals.origins[1].total, 1);
    cr_assert_eq(totals.other.total, 0);
}

Test(totals, puts_origins_above_the_maximum_together)
{
    CLEANUP(totals_release) struct totals totals = {0};

    for (int round = 0; round < 3; round++)
        for (int i = 0; i < TOTALS_ORIGINS_MAXIMUM + 50; i++) {
            char origin[32];

            snprintf(origin, sizeof(origin), "http://host%d:80", i);
            totals_add(&totals, &(struct result){.origin = origin, .exchange.size_download = 1});
        }
    cr_assert_eq(totals.origin_count, TOTALS_ORIGINS_MAXIMUM);
    for (int i = 0; i < TOTALS_ORIGINS_MAXIMUM; i++) {
        char origin[32];

        snprintf(origin, sizeof(origin), "http://host%d:80", i);
        cr_assert_str_eq(totals.origins[i].origin, origin);
        cr_assert_eq(totals.origins[i].total, 3);
    }
    cr_assert_eq(totals.other.total, 150);
    cr_assert_eq(totals.other.ok, 150);
    cr_assert_eq(totals.other.bytes, 150);
}

Test(totals, has_no_latency_without_answers)
{
    CLEANUP(totals_release) struct totals totals = {0};

    totals_add(&totals, &(struct result){.status = RESULT_FAILED, .exchange.time.total = NANOSECONDS_PER_SECOND});
    cr_assert_eq(totals.latency.count, 0);
    cr_assert_eq(totals_latency_percentile(&totals, 0.5), 0);
}

Test(totals, knows_the_extremes_and_the_sum_exactly)
{
    CLEANUP(totals_release) struct totals totals = {0};

    add_latency(&totals, 123456789);
    add_latency(&totals, 1234567);
    add_latency(&totals, 12345678901);
    cr_assert_eq(totals.latency.minimum, 1234567);
    cr_assert_eq(totals.latency.maximum, 12345678901);
    cr_assert_eq(totals.latency.sum, 123456789 + 1234567 + 12345678901);
    cr_assert_eq(totals_latency_percentile(&totals, 1), 12345678901);
}

Test(totals, takes_any_latency)
{
    CLEANUP(totals_release) struct totals totals = {0};

    add_latency(&totals, -5);
    add_latency(&totals, 0);
    add_latency(&totals, 1023);
    add_latency(&totals, INT64_C(1) << 46);
    add_latency(&totals, INT64_MAX / 4);
    add_latency(&totals, INT64_MAX / 2);
    cr_assert_eq(totals.latency.minimum, 0);
    cr_assert_eq(totals.latency.buckets[0], 3);
    cr_assert_eq(totals.latency.buckets[TOTALS_BUCKETS - 1], 3);
    cr_assert_eq(totals_latency_percentile(&totals, 1), INT64_MAX / 2);
    cr_assert_leq(totals_latency_percentile(&totals, 0), 1023);
}

Test(totals, gives_the_same_percentile_as_one_latency_has)
{
    CLEANUP(totals_release) struct totals totals = {0};

    add_latency(&totals, 5555555);
    for (int percent = 0; percent <= 100; percent++)
        cr_assert_eq(totals_latency_percentile(&totals, percent / 100.0), 5555555);
}

static void assert_percentiles_near_exact(struct totals *totals, int64_t *latencies)
{
    for (int i = 0; i < SAMPLES; i++)
        add_latency(totals, latencies[i]);
    qsort(latencies, SAMPLES, sizeof(*latencies), compare);
    for (int percent = 1; percent <= 100; percent++) {
        int64_t exact = latencies[percent * SAMPLES / 100 - 1];
        int64_t close = totals_latency_percentile(totals, percent / 100.0);

        cr_assert_leq(llabs(close - exact), exact / 100, "p%d: %ld is not near %ld", percent, (long)close, (long)exact);
    }
}

Test(totals, gives_percentiles_within_one_percent_of_uniform_latencies)
{
    CLEANUP(totals_release) struct totals totals = {0};
    int64_t latencies[SAMPLES];

    srandom(1);
    for (int i = 0; i < SAMPLES; i++)
        latencies[i] = NANOSECONDS_PER_MILLISECOND + random() % (3 * NANOSECONDS_PER_SECOND);
    assert_percentiles_near_exact(&totals, latencies);
}

Test(totals, gives_percentiles_within_one_percent_over_the_whole_range)
{
    CLEANUP(totals_release) struct totals totals = {0};
    int64_t latencies[SAMPLES];

    srandom(2);
    for (int i = 0; i < SAMPLES; i++) {
        int exponent = 10 + (int)(random() % 36);

        latencies[i] = (INT64_C(1) << exponent) + ((random() << 31 | random()) & ((INT64_C(1) << exponent) - 1));
    }
    assert_percentiles_near_exact(&totals, latencies);
}

Test(totals, choose_the_exit_code_that_comes_first)
{
    static const struct {
        enum failure_class failures[4];
        struct outcome outcome;
        int exit_code;
    } cases[] = {
        {{0}, {0}, 0},
        {{FAILURE_HTTP}, {0}, 1},
        {{FAILURE_INPUT}, {0}, 1},
        {{FAILURE_CHECK}, {0}, 4},
        {{FAILURE_CHECK, FAILURE_HTTP}, {0}, 1},
        {{FAILURE_CHECKSUM}, {0}, 7},
        {{FAILURE_SIZE}, {0}, 7},
        {{FAILURE_HTTP, FAILURE_CHECKSUM, FAILURE_CHECK}, {0}, 7},
        {{FAILURE_DISK}, {0}, 5},
        {{FAILURE_SIZE, FAILURE_DISK, FAILURE_DNS}, {0}, 5},
        {{0}, {.stopped_by_policy = true}, 6},
        {{FAILURE_CHECK}, {.stopped_by_policy = true}, 4},
        {{FAILURE_TIMEOUT}, {.stopped_by_policy = true}, 1},
        {{0}, {.local_failure = true}, 5},
        {{FAILURE_CHECKSUM}, {.local_failure = true}, 5},
        {{FAILURE_DISK}, {.input_unreadable = true}, 3},
        {{0}, {.usage_error = true, .input_unreadable = true, .local_failure = true}, 2},
        {{FAILURE_DISK}, {.usage_error = true, .signal = SIGINT}, 130},
        {{0}, {.signal = SIGTERM}, 143},
        {{0}, {.signal = SIGHUP}, 129},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(totals_release) struct totals totals = {0};

        add_latency(&totals, 1);
        for (int j = 0; cases[i].failures[j]; j++)
            add_failed(&totals, cases[i].failures[j]);
        cr_expect_eq(totals_exit_code(&totals, &cases[i].outcome), cases[i].exit_code, "case %zu", i);
    }
}

/* One of each reason for a code, in the order in which they come first. */
static int put_reason(unsigned reason, struct totals *totals, struct outcome *outcome)
{
    switch (reason) {
    case 0:
        outcome->signal = SIGTERM;
        return 143;
    case 1:
        outcome->usage_error = true;
        return 2;
    case 2:
        outcome->input_unreadable = true;
        return 3;
    case 3:
        outcome->local_failure = true;
        return 5;
    case 4:
        add_failed(totals, FAILURE_DISK);
        return 5;
    case 5:
        add_failed(totals, FAILURE_CHECKSUM);
        return 7;
    case 6:
        add_failed(totals, FAILURE_SIZE);
        return 7;
    case 7:
        add_failed(totals, FAILURE_HTTP);
        return 1;
    case 8:
        add_failed(totals, FAILURE_INPUT);
        return 1;
    case 9:
        add_failed(totals, FAILURE_CHECK);
        return 4;
    case 10:
        totals_add(totals, &(struct result){.status = RESULT_SKIPPED});
        outcome->stopped_by_policy = true;
        return 6;
    default:
        totals_add(totals, &(struct result){.status = RESULT_OK});
        return 0;
    }
}

#define REASONS 12

Test(totals, choose_the_exit_code_that_comes_first_of_every_combination)
{
    for (unsigned set = 0; set < 1U << REASONS; set++) {
        CLEANUP(totals_release) struct totals totals = {0};
        struct outcome outcome = {0};
        int wanted = 0;

        for (unsigned reason = REASONS; reason-- > 0;)
            if (set >> reason & 1)
                wanted = put_reason(reason, &totals, &outcome);
        cr_expect_eq(totals_exit_code(&totals, &outcome), wanted, "set %#x", set);
    }
}

Test(totals, does_not_fail_for_jobs_that_were_skipped_or_cancelled)
{
    CLEANUP(totals_release) struct totals totals = {0};
    const struct outcome outcome = {0};

    totals_add(&totals, &(struct result){.status = RESULT_SKIPPED, .failure.class = FAILURE_CHECKSUM});
    totals_add(&totals, &(struct result){.status = RESULT_CACHED});
    totals_add(&totals, &(struct result){.status = RESULT_CANCELLED, .failure.class = FAILURE_DISK});
    cr_assert_eq(totals_exit_code(&totals, &outcome), 0);
}

Test(totals, does_not_wrap_when_256_jobs_fail)
{
    CLEANUP(totals_release) struct totals totals = {0};
    const struct outcome outcome = {0};

    for (int i = 0; i < 256; i++)
        add_failed(&totals, FAILURE_CONNECT);
    cr_assert_eq(totals_exit_code(&totals, &outcome), 1);
}

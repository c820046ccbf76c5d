#include "../../../src/report/run_lines.h"

#include <haul/base/clock.h>

#include <criterion/criterion.h>
#include <stdio.h>

Test(run_lines, opens_with_the_limits_of_the_run)
{
    CLEANUP(text_release) struct text text = {0};
    struct report_options options = {.version = "1.2.3", .jobs = 64, .jobs_per_host = 8};

    run_lines_append_run(&text, &options, 1500000);
    cr_assert_str_eq(text.bytes, "{\"schema\":\"haul.run/1\",\"type\":\"run\",\"version\":\"1.2.3\","
                                 "\"started_at\":\"1970-01-01T00:00:00.001500Z\",\"jobs\":64,\"jobs_per_host\":8}\n");
}

static void add(struct totals *totals, enum result_status status, const char *origin, int response_code, int64_t time)
{
    struct job job = {.index = 1};
    struct result result;

    result_init(&result, &job);
    result.status = status;
    result.origin = origin;
    result.exchange.response_code = response_code;
    result.exchange.size_download = 1000;
    result.exchange.time.total = time;
    if (status == RESULT_FAILED)
        failure_set(&result.failure, response_code > 0 ? FAILURE_HTTP : FAILURE_DNS, response_code, false, "no");
    totals_add(totals, &result);
    result_release(&result);
}

Test(run_lines, closes_with_what_the_run_came_to)
{
    CLEANUP(text_release) struct text text = {0};
    CLEANUP(totals_release) struct totals totals = {0};
    struct run_end end = {.exit_code = 1, .elapsed = 2 * NANOSECONDS_PER_SECOND, .most_at_once = 3};

    add(&totals, RESULT_OK, "https://b:443", 200, NANOSECONDS_PER_SECOND);
    add(&totals, RESULT_FAILED, "https://a:443", 404, NANOSECONDS_PER_SECOND);
    add(&totals, RESULT_FAILED, "https://a:443", 0, 0);
    run_lines_append_summary(&text, &totals, &end);
    cr_assert_str_eq(
        text.bytes,
        "{\"schema\":\"haul.summary/1\",\"type\":\"summary\",\"total\":3,\"ok\":1,\"failed\":2,\"skipped\":0,"
        "\"cached\":0,\"cancelled\":0,\"bytes\":3000,\"elapsed\":2,\"rates\":{\"jobs\":1.5,\"bytes\":1500},"
        "\"latency\":{\"min\":1,\"mean\":1,\"p50\":1,\"p90\":1,\"p95\":1,\"p99\":1,\"max\":1},"
        "\"by_status\":{\"0\":1,\"200\":1,\"404\":1},\"by_error\":{\"dns\":1,\"http\":1},"
        "\"by_origin\":{\"https://b:443\":{\"total\":1,\"ok\":1,\"bytes\":1000},"
        "\"https://a:443\":{\"total\":2,\"ok\":0,\"bytes\":2000}},\"retries\":0,\"max_concurrency\":3,"
        "\"exit_code\":1}\n");
}

Test(run_lines, knows_no_latency_of_a_run_without_answers)
{
    CLEANUP(text_release) struct text text = {0};
    CLEANUP(totals_release) struct totals totals = {0};
    struct run_end end = {.exit_code = 0};

    run_lines_append_summary(&text, &totals, &end);
    cr_assert_str_eq(
        text.bytes,
        "{\"schema\":\"haul.summary/1\",\"type\":\"summary\",\"total\":0,\"ok\":0,\"failed\":0,\"skipped\":0,"
        "\"cached\":0,\"cancelled\":0,\"bytes\":0,\"elapsed\":0,\"rates\":{\"jobs\":0,\"bytes\":0},"
        "\"latency\":{\"min\":null,\"mean\":null,\"p50\":null,\"p90\":null,\"p95\":null,\"p99\":null,\"max\":null},"
        "\"by_status\":{},\"by_error\":{},\"by_origin\":{},\"retries\":0,\"max_concurrency\":0,\"exit_code\":0}\n");
}

Test(run_lines, counts_the_origins_that_have_no_place_together)
{
    CLEANUP(text_release) struct text text = {0};
    CLEANUP(totals_release) struct totals totals = {0};
    struct run_end end = {.exit_code = 0, .elapsed = 1};

    for (unsigned i = 0; i < TOTALS_ORIGINS_MAXIMUM + 2; i++) {
        char origin[32];

        snprintf(origin, sizeof origin, "http://h%u:80", i);
        add(&totals, RESULT_OK, origin, 200, 1000);
    }
    run_lines_append_summary(&text, &totals, &end);
    cr_assert(strstr(text.bytes, "\"http://h255:80\":{\"total\":1,\"ok\":1,\"bytes\":1000},"
                                 "\"other\":{\"total\":2,\"ok\":2,\"bytes\":2000}},"));
    cr_assert(strstr(text.bytes, "\"rates\":{\"jobs\":9000000000,"));
}

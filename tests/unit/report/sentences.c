#include "../../../src/report/sentences.h"

#include "random_result.h"

#include <haul/base/clock.h>

#include <criterion/criterion.h>
#include <stdlib.h>

static struct job job = {.index = 1, .source = "urls.txt:12", .url = "http://u:p@h/a"};

static void assert_sentence(const struct result *result, const char *expected)
{
    CLEANUP(text_release) struct text text = {0};

    sentences_append_result(&text, result);
    cr_assert_str_eq(text.bytes, expected);
}

Test(sentences, tell_of_a_failure_with_its_url_first)
{
    struct result result = {.job = &job, .status = RESULT_FAILED, .url = "http://h/a", .attempt_count = 1};

    failure_set(&result.failure, FAILURE_HTTP, 404, false, "404 Not Found");
    assert_sentence(&result, "failed    http://h/a: 404 Not Found\n");
    result.attempt_count = 3;
    assert_sentence(&result, "failed    http://h/a: 404 Not Found (after 3 attempts)\n");
}

Test(sentences, say_where_a_bad_line_stands)
{
    struct job empty = {.index = 1, .source = "-:3", .url = ""};
    struct result result = {.job = &job, .status = RESULT_FAILED};

    failure_set(&result.failure, FAILURE_INPUT, 0, false, "not a URL");
    assert_sentence(&result, "failed    http://***@h/a: not a URL (urls.txt:12)\n");
    result.job = &empty;
    assert_sentence(&result, "failed    -:3: not a URL\n");
}

Test(sentences, tell_of_the_other_ends)
{
    struct result result = {.job = &job, .status = RESULT_OK, .url = "http://h/a"};

    result.file.path = "out/a";
    result.exchange.size_download = 1048576;
    result.time_elapsed = 380 * NANOSECONDS_PER_MILLISECOND;
    assert_sentence(&result, "ok        http://h/a -> out/a (1.0 MiB in 0.38 s)\n");
    result.file.path = NULL;
    assert_sentence(&result, "ok        http://h/a (1.0 MiB in 0.38 s)\n");
    result.status = RESULT_SKIPPED;
    result.reason = "exists-verified";
    assert_sentence(&result, "skipped   http://h/a: exists-verified\n");
    result.status = RESULT_CANCELLED;
    result.reason = NULL;
    assert_sentence(&result, "cancelled http://h/a\n");
}

Test(sentences, tell_of_a_retry)
{
    CLEANUP(text_release) struct text text = {0};
    struct failure failure;

    failure_set(&failure, FAILURE_HTTP, 503, true, "503 Service Unavailable");
    sentences_append_retry(&text, "http://h/a", 1200 * NANOSECONDS_PER_MILLISECOND, &failure);
    cr_assert_str_eq(text.bytes, "retrying  http://h/a in 1.20 s: 503 Service Unavailable\n");
}

Test(sentences, tell_how_many_an_origin_gets_at_once)
{
    CLEANUP(text_release) struct text text = {0};

    sentences_append_allowance(&text, "http://h:80", 4);
    cr_assert_str_eq(text.bytes, "adapting  http://h:80: 4 at once\n");
}

Test(sentences, tell_that_an_origin_is_left_alone)
{
    CLEANUP(text_release) struct text text = {0};

    sentences_append_pause(&text, "http://h:80", 2 * NANOSECONDS_PER_SECOND);
    cr_assert_str_eq(text.bytes, "pausing   http://h:80 for 2.00 s\n");
}

Test(sentences, hold_nothing_that_a_terminal_would_obey)
{
    CLEANUP(text_release) struct text text = {0};

    sentences_append_remark(&text, "a\x1b[31m\r\nb\x7f\xff \xc2\x9b \xe2\x80\xae \xe2\x82\xac\xf0\x9f\x98\x80");
    cr_assert_str_eq(text.bytes, "haul: a\\x1B[31m\\x0D\\x0Ab\\x7F\\xFF \\xC2\\x9B \\xE2\\x80\\xAE "
                                 "\xe2\x82\xac\xf0\x9f\x98\x80\n");
}

Test(sentences, tell_no_secret)
{
    CLEANUP(text_release) struct text text = {0};

    sentences_append_remark(&text, "cannot use 'https://user:secret@host/'");
    cr_assert_str_eq(text.bytes, "haul: cannot use 'https://***@host/'\n");
}

Test(sentences, are_one_line_each_whatever_the_result)
{
    srandom(4);
    for (int round = 0; round < 3000; round++) {
        CLEANUP(text_release) struct text text = {0};
        struct random_result made;

        random_result_make(&made);
        sentences_append_result(&text, &made.result);
        for (size_t i = 0; i + 1 < text.length; i++)
            cr_assert((unsigned char)text.bytes[i] >= 0x20 && text.bytes[i] != 0x7f, "%s", text.bytes);
        cr_assert_eq(text.bytes[text.length - 1], '\n');
        cr_assert_null(strstr(text.bytes, "password"));
        result_release(&made.result);
    }
}

static void assert_summary(const struct totals *totals, int64_t elapsed, const char *expected)
{
    CLEANUP(text_release) struct text text = {0};
    struct run_end end = {.elapsed = elapsed};

    sentences_append_summary(&text, totals, &end);
    cr_assert_str_eq(text.bytes, expected);
}

Test(sentences, sum_a_run_up)
{
    static struct totals totals = {.bytes = 20447232};

    totals.by_result[RESULT_OK] = 20000;
    totals.by_result[RESULT_FAILED] = 3;
    totals.by_result[RESULT_SKIPPED] = 1;
    assert_summary(&totals, 410 * NANOSECONDS_PER_MILLISECOND,
                   "20000 files, 19.5 MiB in 0.41 s (48780/s), 3 failed, 1 skipped\n");
}

Test(sentences, choose_units_that_are_easy_to_read)
{
    static struct totals totals = {.bytes = 1};

    totals.by_result[RESULT_OK] = 1;
    assert_summary(&totals, 500 * NANOSECONDS_PER_MILLISECOND, "1 file, 1 B in 0.50 s (2.0/s)\n");
    totals.bytes = 1023;
    assert_summary(&totals, 99 * NANOSECONDS_PER_SECOND, "1 file, 1023 B in 99.00 s (0.0/s)\n");
    totals.bytes = 1024 * 1024 - 1;
    assert_summary(&totals, 100 * NANOSECONDS_PER_SECOND, "1 file, 1.0 MiB in 1 min 40 s (0.0/s)\n");
    totals.bytes = UINT64_MAX;
    assert_summary(&totals, 7325 * NANOSECONDS_PER_SECOND, "1 file, 16.0 EiB in 2 h 2 min (0.0/s)\n");
    totals.by_result[RESULT_OK] = 0;
    assert_summary(&totals, 0, "0 files, 16.0 EiB in 0.00 s\n");
}

Test(sentences, sum_up_answers_where_nothing_is_saved)
{
    static struct totals totals = {.bytes = 10};
    CLEANUP(text_release) struct text text = {0};
    struct run_end end = {.elapsed = 0, .saves_nothing = true};

    totals.by_result[RESULT_OK] = 1;
    sentences_append_summary(&text, &totals, &end);
    totals.by_result[RESULT_OK] = 5;
    sentences_append_summary(&text, &totals, &end);
    cr_assert_str_eq(text.bytes, "1 answer, 10 B in 0.00 s\n5 answers, 10 B in 0.00 s\n");
}

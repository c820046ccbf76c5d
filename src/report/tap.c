/* TAP, version 14 of the Test Anything Protocol: each job is a test point. */
#include "format.h"
#include "json.h"
#include "plain.h"
#include "shown.h"

#include <inttypes.h>

#define COLUMNS_MAXIMUM 1000

static void begin(struct text *text, const struct report_options *options, int64_t started_at)
{
    (void)options;
    (void)started_at;
    text_append_string(text, "TAP version 14\n");
}

/* A hash would begin a directive.  TAP is often read on a terminal. */
static void put_description(struct text *text, const struct result *result)
{
    CLEANUP(text_release) struct text subject = {0};
    CLEANUP(text_release) struct text shown = {0};

    plain_subject(&subject, result);
    shown_append(&shown, text_slice(&subject));
    for (size_t i = 0; i < shown.length; i++) {
        if (shown.bytes[i] == '#' || shown.bytes[i] == '\\')
            text_append_byte(text, '\\');
        text_append_byte(text, shown.bytes[i]);
    }
}

/* A scalar of YAML, no longer than harnesses can read. */
static void put_words(struct text *text, struct slice words)
{
    CLEANUP(text_release) struct text shown = {0};
    struct json line = {.text = text};

    shown_append_cut(&shown, words, COLUMNS_MAXIMUM);
    json_string(&line, text_slice(&shown));
}

static void put_checks(struct text *text, const struct result *result)
{
    bool begun = false;

    for (unsigned i = 0; i < result->check_count; i++) {
        CLEANUP(text_release) struct text check = {0};

        if (result->checks[i].verdict != CHECK_FAILED)
            continue;
        text_append_string(text, begun ? "\n    - check: " : "\n  checks:\n    - check: ");
        begun = true;
        check_outcome_append(&check, &result->checks[i]);
        put_words(text, text_slice(&check));
    }
}

static void put_diagnosis(struct text *text, const struct result *result)
{
    CLEANUP(text_release) struct text reason = {0};

    plain_reason(&reason, result);
    text_append_string(text, "  ---\n  message: ");
    put_words(text, text_slice(&reason));
    text_append_format(text, "\n  class: %s\n  response_code: %d\n  attempts: %u",
                       failure_class_name(result->failure.class), result->exchange.response_code,
                       result->attempt_count);
    put_checks(text, result);
    text_append_string(text, "\n  ...\n");
}

static void result(struct text *text, const struct result *result, uint64_t number)
{
    bool fine = !result_status_is_bad(result->status);

    text_append_format(text, "%s %" PRIu64 " - ", fine ? "ok" : "not ok", number);
    put_description(text, result);
    if (result->status == RESULT_SKIPPED)
        text_append_format(text, " # SKIP %s", result->reason ? result->reason : "");
    text_append_byte(text, '\n');
    if (!fine)
        put_diagnosis(text, result);
}

static void end(struct text *text, const struct totals *totals, const struct run_end *end)
{
    (void)end;
    text_append_format(text, "1..%" PRIu64 "%s\n", totals->total, totals->total == 0 ? " # SKIP nothing to fetch" : "");
}

const struct format format_tap = {.name = "tap", .extension = ".tap", .begin = begin, .result = result, .end = end};

/* JUnit's XML, as CI systems read it: each job is a test case of one suite, named for its URL. */
#include "format.h"
#include "plain.h"

#include <inttypes.h>

static void put_counts(struct text *text, const struct totals *totals, const struct run_end *end)
{
    text_append_format(text,
                       " name=\"haul\" tests=\"%" PRIu64 "\" failures=\"%" PRIu64 "\" errors=\"%" PRIu64
                       "\" skipped=\"%" PRIu64 "\" time=\"",
                       totals->total, totals->by_result[RESULT_FAILED], totals->by_result[RESULT_CANCELLED],
                       totals->by_result[RESULT_SKIPPED]);
    plain_append_seconds(text, end->elapsed);
    text_append_string(text, "\">\n");
}

static void head(struct text *text, const struct totals *totals, const struct run_end *end)
{
    text_append_string(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    put_counts(text, totals, end);
    text_append_string(text, "<testsuite");
    put_counts(text, totals, end);
}

/* Each on a line of the element's text. */
static void put_checks(struct text *text, const struct result *result)
{
    for (unsigned i = 0; i < result->check_count; i++) {
        CLEANUP(text_release) struct text check = {0};

        if (result->checks[i].verdict != CHECK_FAILED)
            continue;
        check_outcome_append(&check, &result->checks[i]);
        text_append_byte(text, '\n');
        plain_append_xml(text, text_slice(&check));
    }
}

static void put_verdict(struct text *text, const struct result *result, const char *element, const char *type)
{
    CLEANUP(text_release) struct text reason = {0};

    plain_reason(&reason, result);
    text_append_format(text, "<%s type=\"%s\" message=\"", element, type);
    plain_append_xml(text, text_slice(&reason));
    text_append_string(text, "\">");
    put_checks(text, result);
    text_append_format(text, "</%s>", element);
}

static void result(struct text *text, const struct result *result, uint64_t number)
{
    CLEANUP(text_release) struct text subject = {0};

    (void)number;
    plain_subject(&subject, result);
    text_append_string(text, "<testcase classname=\"");
    plain_append_xml(text, slice_of(result->origin ? result->origin : "haul"));
    text_append_string(text, "\" name=\"");
    plain_append_xml(text, text_slice(&subject));
    text_append_string(text, "\" time=\"");
    plain_append_seconds(text, result->time_elapsed);
    text_append_string(text, "\">");
    if (result->status == RESULT_FAILED)
        put_verdict(text, result, "failure", failure_class_name(result->failure.class));
    else if (result->status == RESULT_CANCELLED)
        put_verdict(text, result, "error", "cancelled");
    else if (result->status == RESULT_SKIPPED)
        put_verdict(text, result, "skipped", "skipped");
    text_append_string(text, "</testcase>\n");
}

static void end(struct text *text, const struct totals *totals, const struct run_end *end)
{
    (void)totals;
    (void)end;
    text_append_string(text, "</testsuite>\n</testsuites>\n");
}

const struct format format_junit = {
    .name = "junit", .extension = ".xml", .head_room = 512, .head = head, .result = result, .end = end};

/* One JSON document, of the lines of the JSON report. */
#include "format.h"
#include "record.h"

static void begin(struct text *text, const struct report_options *options, int64_t started_at)
{
    text_append_string(text, "{\"run\":\n");
    run_lines_append_run(text, options, started_at);
    text_append_string(text, ",\"results\":[\n");
}

static void result(struct text *text, const struct result *result, uint64_t number)
{
    if (number > 1)
        text_append_byte(text, ',');
    record_append(text, result);
}

static void end(struct text *text, const struct totals *totals, const struct run_end *end)
{
    text_append_string(text, "],\"summary\":\n");
    run_lines_append_summary(text, totals, end);
    text_append_string(text, "}\n");
}

const struct format format_json = {.name = "json", .extension = ".json", .begin = begin, .result = result, .end = end};

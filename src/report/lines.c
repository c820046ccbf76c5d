/* JSON Lines, as on standard output: appended as jobs end, to what runs before have written. */
#include "format.h"
#include "record.h"

static void result(struct text *text, const struct result *result, uint64_t number)
{
    (void)number;
    record_append(text, result);
}

const struct format format_jsonl = {
    .name = "jsonl",
    .extension = ".jsonl",
    .is_appended = true,
    .begin = run_lines_append_run,
    .result = result,
    .end = run_lines_append_summary,
};

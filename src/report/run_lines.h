/* run_lines.h - the first and the last line of the JSON report, "haul.run/1" and "haul.summary/1" of haul-report(5). */
#pragma once

#include <haul/base/text.h>
#include <haul/job/totals.h>
#include <haul/report/report.h>

/* How a run ended. */
struct run_end {
    int exit_code;
    int64_t elapsed;
    unsigned most_at_once;
    bool saves_nothing;
};

void run_lines_append_run(struct text *lines, const struct report_options *options, int64_t started_at);
void run_lines_append_summary(struct text *lines, const struct totals *totals, const struct run_end *end);

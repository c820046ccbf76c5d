/* sample.c - prints a report of random results, for the schema test. */
#include "../../../src/report/record.h"
#include "../../../src/report/run_lines.h"

#include "random_result.h"

#include <stdio.h>
#include <stdlib.h>

#define RESULTS 500

int main(void)
{
    CLEANUP(text_release) struct text lines = {0};
    CLEANUP(totals_release) struct totals totals = {0};
    struct report_options options = {.version = "1.2.3", .jobs = 64, .jobs_per_host = 8};
    struct run_end end = {.exit_code = 1, .elapsed = 123456789, .most_at_once = 64};

    srandom(5);
    run_lines_append_run(&lines, &options, 1);
    run_lines_append_summary(&lines, &totals, &end);
    for (unsigned i = 0; i < RESULTS; i++) {
        struct random_result made;

        random_result_make(&made);
        totals_add(&totals, &made.result);
        record_append(&lines, &made.result);
        result_release(&made.result);
    }
    run_lines_append_summary(&lines, &totals, &end);
    return fwrite(lines.bytes, 1, lines.length, stdout) == lines.length ? 0 : 1;
}

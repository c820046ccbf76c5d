/* format.h - what a report file is made of: one row for each format, one small file for each row.
 *
 * Pieces are appended as results come, so that a report takes no memory that grows with the run.  What has to stand at
 * the beginning and is known only at the end is the head: its place is kept free, and filled in last, with blanks
 * behind it.  A report may have two parts: results that go first, a middle that is known only at the end, and the
 * others.
 */
#pragma once

#include "run_lines.h"
#include "waterfall.h"

#include <haul/base/text.h>
#include <haul/job/result.h>
#include <haul/job/totals.h>
#include <haul/report/report.h>

#include <stdint.h>

struct format {
    const char *name;      /* as in FORMAT:FILE */
    const char *extension; /* with its dot */
    bool is_appended;      /* live, to the file that is there; else one that is complete takes its place at the end */
    size_t head_room;      /* bytes, that head may fill */
    /* Each may be NULL. */
    void (*head)(struct text *text, const struct totals *totals, const struct run_end *end);
    void (*begin)(struct text *text, const struct report_options *options, int64_t started_at);
    void (*result)(struct text *text, const struct result *result, uint64_t number); /* from 1 in its part */
    bool (*goes_first)(const struct result *result);                                 /* NULL: there is one part */
    void (*middle)(struct text *text, const struct waterfall *waterfall, const struct totals *totals);
    void (*end)(struct text *text, const struct totals *totals, const struct run_end *end);
};

extern const struct format format_csv, format_har, format_html, format_json, format_jsonl, format_junit,
    format_openmetrics, format_tap;

/* Of "out.csv" or "csv:out", with where the file's name begins; NULL when there is none. */
const struct format *format_find(const char *written, const char **ret_path);

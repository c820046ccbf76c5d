/* sentences.h - what is told to people, a line each.
 *
 * Whatever servers and lists put into them, lines hold no control characters: such bytes, those that are not UTF-8 and
 * marks that turn the direction of text are written as \xNN.
 */
#pragma once

#include "run_lines.h"

#include <haul/base/text.h>
#include <haul/job/result.h>
#include <haul/job/totals.h>

/* "failed    https://example.org/a: 404 Not Found (after 2 attempts)" and the like for each status. */
void sentences_append_result(struct text *lines, const struct result *result);

/* "retrying  https://example.org/a in 1.20 s: 503 Service Unavailable" */
void sentences_append_retry(struct text *lines, const char *url, int64_t wait, const struct failure *failure);

/* "adapting  https://example.org:443: 4 at once" */
void sentences_append_allowance(struct text *lines, const char *origin, unsigned at_once);

/* "pausing   https://example.org:443 for 2.00 s" */
void sentences_append_pause(struct text *lines, const char *origin, int64_t wait);

/* "haul: cannot read 'urls.txt': permission denied" */
void sentences_append_remark(struct text *lines, const char *remark);

/* "20000 files, 19.5 MiB in 0.41 s (48780/s), 3 failed, 1 skipped" */
void sentences_append_summary(struct text *lines, const struct totals *totals, const struct run_end *end);

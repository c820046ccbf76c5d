/* github.h - what GitHub Actions shows of a run: annotations among the sentences, and a summary of the job in Markdown.
 *
 * Annotations are workflow commands, "::error ...", on a line of their own; what a URL or a server brought along is
 * escaped, so that it can be no command and no Markdown.
 */
#pragma once

#include "run_lines.h"

#include <haul/base/text.h>
#include <haul/co/task.h>
#include <haul/job/result.h>

#define GITHUB_ANNOTATIONS_MAXIMUM 10 /* of one step: more are not shown */
#define GITHUB_ROWS_MAXIMUM        100

/* Starts as all zero. */
struct github {
    unsigned annotations, row_count;
    struct text rows; /* of what failed */
};

void github_release(struct github *github);

/* Of each result; `lines` may be NULL, and no annotation is wanted then. */
void github_add(struct github *github, const struct result *result, struct text *lines);

/* Appends the summary to the file of that name. 0, or an errno below 0. */
int github_finish(struct co_task *self, const struct github *github, const char *path, const struct totals *totals,
                  const struct run_end *end);

/* rest.h - which jobs of a report are not done.
 *
 * A report may tell of a job several times, when runs were appended to one another: the last time counts.  A job is
 * known by its id, URL and output name together.  What is no result, such as a last line that was cut, says nothing.
 * What is remembered is a number for each job that is left.
 */
#pragma once

#include <haul/base/error.h>
#include <haul/base/slice.h>
#include <haul/co/task.h>

#include <stdbool.h>

/* Starts as all zero. */
struct rest {
    struct left *left;
};

/* Reads a whole report, which must be a file, for it is read a second time to take the jobs from it.  ERROR_INPUT, too,
 * for a file with lines of which none is ours. */
int rest_read(struct co_task *self, const char *name, struct rest *rest, struct error *error);

/* Is this line of the report the result of a job that is left?  True once for each job. */
bool rest_take(struct rest *rest, struct slice line);

void rest_release(struct rest *rest);

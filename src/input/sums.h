/* sums.h - lists of digests as sha256sum(1) and its like write and read them.
 *
 *     HEX  NAME             HEX *NAME
 *     ALGORITHM (NAME) = HEX                 with --tag, and on BSD
 *
 * The algorithm of the first two is told by the number of digits.  The name is where the file is below the base URL,
 * and what it is saved as.
 */
#pragma once

#include <haul/job/job.h>

#include <stdbool.h>

bool sums_is_line(struct slice line);

/* NULL for a blank line and for a comment; a job with a problem for what is no such line, or when there is no base. */
struct job *sums_job(struct slice line, struct slice base_url, uint64_t index, struct slice source);

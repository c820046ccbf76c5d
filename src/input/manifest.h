/* manifest.h - a job as a JSON object on a line of its own (RFC 8259, JSON Lines): haul-input(5).
 *
 * A line of haul's own report is such a job too: what a result says of its job counts, what it says of the transfer
 * does not, and the lines for the run and the summary are none.
 */
#pragma once

#include <haul/base/text.h>
#include <haul/job/job.h>

#include <stdbool.h>
#include <stdint.h>

struct cJSON;

#define MANIFEST_LINE_MAXIMUM  (2 * 1024 * 1024) /* bytes: a record with all of its headers fits */
#define MANIFEST_DEPTH_MAXIMUM 32                /* of objects and arrays in one another */

bool manifest_is_line(struct slice line);

/* The same from elsewhere: a key that a line may have, a field of a table for it, and the job of an object.  A field is
 * a string, or JSON for keys that want another kind of value. */
bool manifest_has_key(const char *name);
void manifest_add_field(struct cJSON *object, const char *name, const struct text *field);
struct job *manifest_job_of(const struct cJSON *object, uint64_t index, struct slice source);

/* NULL for a line that is no job; a job with a problem for one that cannot be read.  `problem` names the key. */
struct job *manifest_job(struct slice line, uint64_t index, struct slice source);

/* A line of a report of ours, and its "type"; NULL for what is none. */
struct cJSON *manifest_parse_ours(struct slice line, const char **ret_type);

bool manifest_is_ours(struct slice line);

/* Of a result: was there nothing left to do? */
bool manifest_is_done(const struct cJSON *result);

/* By which a job is known in reports. */
uint64_t manifest_key(const char *id, const char *url, const char *output);

/* What a result of ours says of its job. */
struct manifest_result {
    uint64_t key; /* of its id, URL and output name */
    bool done;    /* there was nothing left to do */
};

/* False for what is no result. */
bool manifest_read_result(struct slice line, struct manifest_result *ret_result);

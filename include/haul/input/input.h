/* input.h - where jobs come from: the URLs of the command line, then the inputs in their order, as one sequence.
 *
 * A URL of the command line may stand for many (glob.h), one of a list is as it is.
 *
 * An input has a job on each line: a URL (job_from_line in job.h), a JSON object, or a digest with a name.  Blank lines
 * and comments are no jobs and are not counted; a line that is too long or cannot be read is one with a problem, in
 * constant memory.
 *
 * A job comes as soon as its line is there; nothing is read ahead but one buffer.  Reading happens on a thread, and a
 * cancel ends it within a tenth of a second however silent the source is.
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/base/error.h>
#include <haul/co/task.h>
#include <haul/job/job.h>

struct input;

#define INPUT_FORMATS(X)                                                                                               \
    X(BY_CONTENT, "auto") /* of the first line that is neither blank nor a comment */                                  \
    X(LINES, "lines")     /* URLs, with an output name behind a tab */                                                 \
    X(JSONL, "jsonl")     /* an object on each line; a result of ours is one */                                        \
    X(CSV, "csv")         /* a first row that names the columns */                                                     \
    X(TSV, "tsv")         /* the same with tabs */                                                                     \
    X(SUMS, "sums")       /* as sha256sum(1) writes them */

enum input_format {
#define X(name, text) INPUT_##name,
    INPUT_FORMATS(X)
#undef X
};

/* Of all jobs, by their index, every `count`th from `number` on; count 0: all. */
struct input_shard {
    unsigned number, count;
};

#define INPUT_SHARDS_MAXIMUM 1000000

/* To be kept until input_close. */
struct input_options {
    const char *const *urls;  /* NULL-terminated */
    const char *const *files; /* NULL-terminated; "-" is standard input */
    const char *retry_failed; /* a report whose jobs that are not done come last; NULL: none */
    enum input_format format; /* of every file */
    struct input_shard shard; /* the others are read, counted and dropped */
    const char *base_url;     /* where the files of digests are; NULL: nowhere */
    bool no_globs;            /* the URLs stand for themselves (glob.h) */
    const char *checksum;     /* of the URLs, as checksum_parse takes it; NULL: none */
};

/* Opens every file now, so that a wrong name stops a run before it starts.  Kind ERROR_INPUT; names the file.
 * A folder is refused, and so is "-" given twice. */
int input_open(struct co_task *self, const struct input_options *options, struct error *error,
               struct input **ret_input);

/* 1 and the next job, the caller's to close; 0 at the end; -ECANCELED, with nothing lost; else the input could not be
 * read on (kind ERROR_INPUT). */
int input_next(struct co_task *self, struct input *input, struct job **ret_job, struct error *error);

void input_close(struct input *input); /* NULL is fine */
CLEANUP_FUNCTION(input_close, struct input *)

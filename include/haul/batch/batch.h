/* batch.h - runs the jobs: admits, limits, fetches, delivers.
 *
 * Jobs are read ahead up to BATCH_READ_AHEAD, no further; each waits at its origin.  A job starts when the whole run
 * and its origin both have a permit for it; origins take turns, so that one with many jobs or slow answers does not
 * hold up the others.  The number that an origin has at once is halved when it says that it has too much to do, or does
 * not take connections any more, and grows again while it answers (allowance.h).  A job that waits for a retry holds no
 * permit.
 *
 * Every job that was read ends as exactly one result, in the order in which they end, or in that of the input: then
 * BATCH_READ_ORDERED are read ahead, so that no more results wait for one before them.
 */
#pragma once

#include <haul/base/error.h>
#include <haul/co/task.h>
#include <haul/disk/cache.h>
#include <haul/disk/folder.h>
#include <haul/http/client.h>
#include <haul/http/transfer.h>
#include <haul/input/input.h>
#include <haul/input/journal.h>
#include <haul/job/flights.h>
#include <haul/job/rate.h>
#include <haul/job/result.h>
#include <haul/job/retry.h>
#include <haul/job/status_set.h>

#include <stdbool.h>
#include <stdint.h>

#define BATCH_READ_AHEAD   4096
#define BATCH_READ_ORDERED 1024 /* results that wait hold what their servers said */
#define BATCH_RETRIES_FREE 10   /* whatever the budget for retries */
#define BATCH_JOBS_MAXIMUM 16384
#define BATCH_PARTS_KEPT   64

enum batch_mode {
    BATCH_SAVE,   /* bodies become files */
    BATCH_CHECK,  /* bodies are read and dropped */
    BATCH_STDOUT, /* the one body goes to standard output */
};

/* What to do with a file that was there before the run.  Files of this run are never replaced. */
enum batch_existing {
    EXISTING_AUTO, /* skipped when it has the digest and the size that its job demands; else a failure */
    EXISTING_FAIL,
    EXISTING_VERIFY, /* skipped then; replaced when it has others, a failure when the job demands neither */
    EXISTING_SKIP,   /* nothing is asked */
    EXISTING_RENAME, /* the new one gets a number */
    EXISTING_OVERWRITE,
};

struct batch_options {
    enum batch_mode mode;
    unsigned jobs, jobs_per_host;
    unsigned segments;                  /* connections for one file, at most, where it is large; 0 and 1: one */
    unsigned parts_kept;                /* part files open, at most, for jobs that wait for a retry */
    const char *method;                 /* NULL: GET */
    const struct http_content *content; /* of each request, or NULL */
    const char *content_name; /* put behind URLs that end in a slash, for requests with it; NULL: nothing is */
    const char *template;     /* for output names (naming.h); NULL: "{name}" */
    enum batch_existing existing;
    bool verify;              /* what the journal says is done, by its digest too where it has one */
    bool sync;                /* files and folders to the disk before a result is told */
    bool remote_name;         /* the name that the server suggests goes before that of the URL */
    bool remote_time;         /* files get the time of Last-Modified */
    const char *digest;       /* computed while writing; NULL: none */
    long minimum_size;        /* of a body, bytes; a job's own size goes besides */
    long maximum_size;        /* 0: none */
    int64_t maximum_time;     /* of one attempt; 0: none */
    struct status_set accept; /* statuses that are success; none given: those below 300 */
    long check_body_maximum;  /* bytes of a body that are kept for checks */
    struct retry_policy retry;
    struct rate_limit rate, rate_per_host; /* attempts that begin */
    int64_t deadline;                      /* from the start of the batch; 0: none */
    bool same_pace;                        /* as many at once wherever that is too much */
    unsigned breaker;                      /* failed attempts in a row that close an origin; 0: any number */
    unsigned retry_budget;                 /* retries in a hundred URLs that were begun; 0: any number */
    bool fail_early;                       /* the first job that fails ends the batch */
    bool go_on;                            /* with the part files that runs which were interrupted have left */
    bool ordered;                          /* results in the order of the input */
    bool dry_run;                          /* jobs are read and judged; nothing is asked, nothing is written */
};

/* What a batch needs and tells; the calls may wait. */
struct batch_places {
    struct input *input;
    struct journal *journal; /* of the run that this one goes on with, or NULL */
    struct http_client *client;
    struct folder *folder;   /* BATCH_SAVE only */
    struct cache *cache;     /* of that folder, or NULL: what it knows is asked for only if there is another version */
    struct flights *flights; /* kept up to date; NULL: nobody looks */
    void *listener;
    /* Each result once; less than 0 stops the batch.  The listener holds it until it calls batch_forget, which may be
     * after the batch. */
    int (*on_result)(struct co_task *self, void *listener, struct result *result, struct error *error);
    /* NULL, or called when an origin is to have another number of jobs at once. */
    void (*on_allowance)(void *listener, const char *origin, unsigned at_once);
    /* NULL, or called when an origin wants to be left alone for so long. */
    void (*on_pause)(void *listener, const char *origin, int64_t wait);
    void (*on_retry)(void *listener, const struct job *job, const char *url, int64_t wait,
                     const struct failure *failure);
    void (*on_begin)(void *listener, const struct job *job, unsigned attempt, const char *url); /* or NULL */
    /* NULL, or called when the batch is to end before its end: results should not be waited with for long. */
    void (*on_stop)(void *listener);
};

struct batch_summary {
    unsigned most_at_once;
    bool stopped_by_policy;  /* with work left: the deadline, fail_early or a breaker */
    const char *stop_reason; /* of the former two, as in the results; or NULL */
};

/* Runs until the input has ended and every job too.  When the task is cancelled, jobs that run or wait are delivered as
 * cancelled, reason "interrupted", and it returns -ECANCELED.  A batch that its deadline or fail_early ends returns 0;
 * jobs that had begun are cancelled then and others skipped, reason "deadline" or "fail-early".  Less than 0 with an
 * error: the input could not be read on (what was read has been done), or a result could not be delivered. */
int batch_run(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
              struct batch_summary *ret_summary, struct error *error);

void batch_forget(struct result *result); /* that was told */

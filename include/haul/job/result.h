/* result.h - the record of one job: everything a script may want to know about it.
 *
 * haul-report(5) and config/result.schema.json describe its JSON form.  Times are nanoseconds here and seconds there.
 * Strings are owned by the arena or live as long as the job; NULL is "unknown" and becomes null.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/list.h>
#include <haul/base/text.h>
#include <haul/job/exchange.h>
#include <haul/job/failure.h>
#include <haul/job/job.h>

#include <stdbool.h>
#include <stdint.h>

#define RESULT_STATUSES(X)                                                                                             \
    X(OK, "ok")                                                                                                        \
    X(FAILED, "failed")                                                                                                \
    X(SKIPPED, "skipped")                                                                                              \
    X(CACHED, "cached")                                                                                                \
    X(CANCELLED, "cancelled")

enum result_status {
#define X(name, text) RESULT_##name,
    RESULT_STATUSES(X)
#undef X
        RESULT_STATUS_COUNT,
};

const char *result_status_name(enum result_status status);
bool result_status_is_bad(enum result_status status); /* failed or cancelled: what was asked for is not there */

/* One exchange with a server, redirects included. */
struct attempt {
    unsigned n;             /* 1 for the first */
    const char *url;        /* that was asked: the job's, or a mirror's */
    int response_code;      /* 0: no answer */
    struct failure failure; /* class NONE when it succeeded */
    int64_t size_download;
    int64_t time_total;
    int64_t wait;            /* before it, as the retry policy said */
    const char *wait_reason; /* "backoff", "retry-after", "until"; NULL when it did not wait */
};

enum check_verdict {
    CHECK_UNKNOWN, /* there was nothing to judge by */
    CHECK_HELD,
    CHECK_FAILED,
};

/* What became of one check of a job. */
struct check_outcome {
    const char *name, *expected;
    const char *found; /* NULL: nothing */
    enum check_verdict verdict;
};

/* "json /status equals "up", found "down"" and the like, of a check that did not hold. */
void check_outcome_append(struct text *text, const struct check_outcome *outcome);

struct result {
    struct list link; /* for whoever holds it */
    const struct job *job;
    struct arena arena;

    enum result_status status;
    const char *reason;     /* why skipped or cancelled */
    struct failure failure; /* of the last attempt; class NONE when ok */

    const char *url; /* without user info, valid UTF-8 */
    const char *method;
    const char *origin;       /* scheme://host:port of what was asked last: of `url`, or of a mirror */
    struct exchange exchange; /* of the last attempt */
    struct arena exchange_arena;

    int64_t started_at, finished_at; /* wall clock; 0: never */
    int64_t time_wait;               /* for permits and between attempts: elapsed less the attempts */
    int64_t time_elapsed;            /* first dispatch to the end */
    int64_t resumed_from;

    struct {
        const char *path; /* NULL: no file */
        int64_t bytes;
        bool published;
        const char *name_reason; /* why the name is not what the server suggested; NULL: it is, or it suggested none */
    } file;
    struct {
        const char *algorithm;         /* NULL: none asked for */
        const char *expected, *actual; /* hex */
    } checksum;

    struct check_outcome *checks; /* of the last attempt */
    unsigned check_count;

    struct attempt *attempts;
    unsigned attempt_count;  /* all */
    unsigned attempts_known; /* of them in `attempts`: the first and the last ones */
};

void result_init(struct result *result, const struct job *job);
void result_release(struct result *result);
CLEANUP_VALUE(result_release, struct result)

#define RESULT_ATTEMPTS_MAXIMUM 200 /* that are known: who polls makes any number */

/* Forgets the exchange and the checks of the last attempt, before the next one. */
void result_begin_attempt(struct result *result);

/* Adds an attempt with its number and returns it; valid until the next is added. */
struct attempt *result_add_attempt(struct result *result);

/* job.h - one thing to fetch, as an input gave it.
 *
 * A job is one allocation, strings included, because the dispatcher holds thousands that wait for their origin.
 * A line that cannot be a job still becomes one, with its `problem` said: every line ends as exactly one record.
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/base/list.h>
#include <haul/base/slice.h>

#include <stdbool.h>
#include <stdint.h>

#define JOB_PRIORITY_MINIMUM (-9)
#define JOB_PRIORITY_MAXIMUM 9
#define JOB_LINE_MAXIMUM     (64 * 1024)  /* bytes; a longer line is a bad line */
#define JOB_DATA_MAXIMUM     (256 * 1024) /* bytes of content, whoever reads the job sees to it */
#define JOB_HEADERS_MAXIMUM  (32 * 1024)
#define JOB_MIRRORS_MAXIMUM  16

struct job {
    struct list link;    /* for whoever holds it */
    size_t memory;       /* bytes that it takes */
    uint64_t index;      /* 1 for the first job of the run */
    const char *source;  /* where it stands: "urls.txt:12", "-:3", "argument 1" */
    const char *url;     /* as given; "" when there is none */
    const char *mirrors; /* URLs of the same, each with a NUL, an empty one ends them; NULL: none */
    const char *output;  /* the name asked for, or NULL */
    const char *id;      /* NULL: the index */
    const char *tag;     /* or NULL */
    const char *matches; /* what each glob of its argument stands for, behind a newline each; NULL: none (glob.h) */
    const char *problem; /* NULL, or why this line is no job, as a sentence */

    const char *digest;   /* the body's must be `expected`; NULL: none was given */
    const char *expected; /* hex */
    bool has_size;
    int64_t size; /* the body's must be this */
    int priority; /* of jobs that wait, the highest goes first; 0 where nothing else is said */

    const char *method;  /* NULL: the run's */
    const char *headers; /* "Name: value" or "Name;", each with a NUL, an empty one ends them; NULL: none */
    bool has_data;       /* then this is the content, and not the run's */
    bool data_is_json;
    struct slice data;

    const char *accept; /* the statuses that are success (status_set.h); NULL: the run's */
    const char *checks; /* JSON (check.h); NULL: none */
};

/* What a job is made of; empty slices stand for what is absent. */
struct job_parts {
    uint64_t index;
    struct slice source;
    struct slice url;
    struct slice mirrors;
    struct slice output;
    struct slice id;
    struct slice tag;
    struct slice matches;
    struct slice problem;
    struct slice digest;
    struct slice expected;
    bool has_size;
    int64_t size;
    int priority;
    struct slice method;
    struct slice headers;
    bool has_data;
    bool data_is_json;
    struct slice data;
    struct slice accept;
    struct slice checks;
};

struct job *job_open(const struct job_parts *parts); /* copies everything */
void job_close(struct job *job);
CLEANUP_FUNCTION(job_close, struct job *)

/* Reads one plain line, without its newline: a URL, or a URL, a tab and an output name; white space around both and a
 * carriage return at the end are dropped.  Returns NULL for a blank line and for a comment (# first).  A NUL or other
 * control character, or a line above JOB_LINE_MAXIMUM, gives a job with a problem and without the part at fault.  Says
 * nothing on whether the URL or the name can be used. */
struct job *job_from_line(struct slice line, uint64_t index, struct slice source);

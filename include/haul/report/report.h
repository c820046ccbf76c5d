/* report.h - tells what happened: JSON Lines for programs, sentences for people, totals for both.
 *
 * haul-report(5) is the manual of the JSON.  Standard output carries data only; sentences go to standard error, whole
 * lines, control characters escaped.
 *
 * Lines are written by tasks of the report's own, on a thread, so a slow reader never stops the loop; when more than
 * REPORT_PENDING_MAXIMUM bytes, or results that hold about as much, wait for the reader, report_result waits too.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/cleanup.h>
#include <haul/base/error.h>
#include <haul/co/group.h>
#include <haul/job/flights.h>
#include <haul/job/result.h>
#include <haul/job/totals.h>

#include <stdbool.h>

#define REPORT_PENDING_MAXIMUM (256 * 1024)

struct report;

enum report_progress {
    PROGRESS_AUTO, /* for whoever completes the options: one of the others */
    PROGRESS_BAR,  /* standard error must be a terminal */
    PROGRESS_PLAIN,
    PROGRESS_NONE,
};

enum report_color {
    COLOR_AUTO, /* likewise */
    COLOR_ALWAYS,
    COLOR_NEVER,
};

struct report_options {
    bool json;                /* JSON Lines on standard output */
    const char *write_out;    /* instead of JSON: a format of curl's for each result; NULL: none */
    const char *const *files; /* FILE or FORMAT:FILE, NULL-terminated; NULL: none */
    bool saves_nothing;       /* URLs are asked, and there are no files to tell of */
    bool quiet;               /* no sentences */
    bool no_summary;          /* sentences only where something is wrong */
    unsigned verbosity;       /* 1: a sentence for every job and retry */
    enum report_progress progress;
    enum report_color color; /* of the sentences and the bar */
    const char *version;     /* haul's, for the run line */
    unsigned jobs;           /* the limits of this run, for the run line */
    unsigned jobs_per_host;
    bool github;                /* GitHub Actions reads the sentences: annotations among them */
    unsigned events_descriptor; /* open for writing; 0: no events are told */
    const char *github_summary; /* the file for the summary of its job, in Markdown; NULL: none */
};

/* Why this is no FILE or FORMAT:FILE, as a sentence about it; NULL: it is. */
const char *report_file_problem(const char *written);

/* Why this is no format for --write-out, as a sentence; NULL: it is. */
const char *report_write_out_problem(struct arena *arena, const char *format);

/* Called once for each result that was told, when it is needed no more. */
typedef void report_forget(struct result *result);

/* Opens the files and starts the writing tasks in `group` and writes the run line.  The tasks ignore cancels and end
 * with report_finish, which must therefore be called before the group is closed.  SIGPIPE is to be ignored. */
int report_open(struct co_task *self, struct co_group *group, const struct report_options *options,
                report_forget *forget, struct error *error, struct report **ret_report);

/* The run is to end soon: from now on readers of standard output, standard error and events that take nothing for five
 * seconds are given up, as if they had left. */
void report_hurry(struct report *report);

/* Adds the result to the totals and writes its line.  The report holds it until it calls report_forget, by the end
 * of report_finish.  It is told even when the caller has been cancelled.  Less than 0 when standard output can no
 * longer be written: kind ERROR_REPORT; the run should stop.  A file that cannot be written does not stop it:
 * report_finish tells. */
int report_result(struct co_task *self, struct report *report, struct result *result, struct error *error);

/* A line for people, at verbosity 1: "retrying  URL in 1.20 s: 503 Service Unavailable". */
void report_retry(struct report *report, const struct job *job, const char *url, int64_t wait,
                  const struct failure *failure);

/* An attempt begins: an event. */
void report_begin(struct report *report, const struct job *job, unsigned attempt, const char *url);

/* A line for people, at verbosity 1: "adapting  https://example.org:443: 4 at once". */
void report_allowance(struct report *report, const char *origin, unsigned at_once);

/* A line for people, at verbosity 1: "pausing   https://example.org:443 for 2.00 s". */
void report_pause(struct report *report, const char *origin, int64_t wait);

/* A line for people, whatever the verbosity but quiet: "haul: ..." */
void report_say(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same where there is no report: at once, on standard error. */
void report_complain(const char *remark);

/* For whoever runs the jobs to keep up to date; NULL: no progress is shown. */
struct flights *report_flights(struct report *report);

const struct totals *report_totals(const struct report *report);

/* Summary line and summary sentence, everything flushed.  `elapsed` and `most_at_once` are the run's.  What cannot be
 * written is a local failure of the outcome; whatever is written after that tells the exit code that comes of it. */
int report_finish(struct co_task *self, struct report *report, struct outcome *outcome, int64_t elapsed,
                  unsigned most_at_once, struct error *error);

void report_close(struct report *report); /* after report_finish; NULL is fine */
CLEANUP_FUNCTION(report_close, struct report *)

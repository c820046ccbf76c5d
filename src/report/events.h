/* events.h - what happens while it happens, as JSON Lines for a program that watches the run: haul.event/1 of
 * haul-report(5), with the lines of --json among them.
 *
 * A reader that is slow misses progress and nothing else: for the rest the run waits, as for standard output.  One that
 * leaves is written to no more.
 */
#pragma once

#include "run_lines.h"
#include "writer.h"

#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/job/flights.h>
#include <haul/job/job.h>
#include <haul/job/result.h>

struct events {
    const struct flights *flights; /* whose progress is told */
    /* private: */
    struct writer writer;
    bool is_ending;
    struct co_event wake, ended;
};

void events_init(struct events *events, int descriptor, const struct flights *flights);
void events_release(struct events *events);

/* Starts the tasks.  They ignore cancels and end after events_finish. */
int events_start(struct co_task *self, struct co_group *group, struct events *events,
                 const struct report_options *options, int64_t started_at);

void events_begin(struct events *events, const struct job *job, unsigned attempt, const char *url);
void events_retry(struct events *events, const struct job *job, int64_t wait, const struct failure *failure);
void events_result(struct co_task *self, struct events *events, const struct result *result);

/* With the summary; less than 0 when not all could be written. */
int events_finish(struct co_task *self, struct events *events, const struct totals *totals, const struct run_end *end);

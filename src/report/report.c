#include "color.h"
#include "events.h"
#include "file.h"
#include "github.h"
#include "record.h"
#include "run_lines.h"
#include "sentences.h"
#include "ticker.h"
#include "torn.h"
#include "write_all.h"
#include "write_out.h"
#include "writer.h"

#include <haul/base/clock.h>
#include <haul/base/memory.h>
#include <haul/co/runtime.h>
#include <haul/report/report.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_SIZE 2048 /* bytes, about, of an ordinary one */

struct report {
    struct report_options options;
    report_forget *forget;
    struct totals totals;
    struct writer json;      /* runs when writes_standard_output() */
    struct writer sentences; /* runs unless options.quiet */
    struct flights flights;
    struct screen screen;
    struct ticker ticker; /* runs when there is progress to show */
    struct report_file **files;
    size_t file_count;
    struct github github;
    struct events events; /* run when tells_events() */
};

static bool writes_standard_output(const struct report *report)
{
    return report->options.json || report->options.write_out;
}

static int start_writers(struct co_task *self, struct co_group *group, struct report *report)
{
    int result = 0;

    if (writes_standard_output(report))
        result = writer_start(self, group, &report->json);
    if (result < 0 || report->options.quiet)
        return result;
    result = writer_start(self, group, &report->sentences);
    if (result < 0 && writes_standard_output(report))
        writer_finish(self, &report->json);
    return result;
}

static bool tells_events(const struct report *report)
{
    return report->options.events_descriptor > 0;
}

static bool shows_progress(const struct report *report)
{
    return !report->options.quiet && report->options.progress != PROGRESS_NONE &&
           report->options.progress != PROGRESS_AUTO;
}

/* Everything that is printed on the terminal of the bar goes above it. */
static int start_progress(struct co_task *self, struct co_group *group, struct report *report)
{
    bool is_bar = report->options.progress == PROGRESS_BAR;

    if (!shows_progress(report))
        return 0;
    if (is_bar)
        report->sentences.screen = &report->screen;
    if (is_bar && isatty(STDOUT_FILENO))
        report->json.screen = &report->screen;
    report->ticker = (struct ticker){
        .flights = &report->flights,
        .totals = &report->totals,
        .screen = is_bar ? &report->screen : NULL,
        .sentences = &report->sentences,
        .color = report->options.color == COLOR_ALWAYS,
    };
    return ticker_start(self, group, &report->ticker);
}

static void finish_writers(struct co_task *self, struct report *report)
{
    if (report->options.json)
        writer_finish(self, &report->json);
    if (!report->options.quiet)
        writer_finish(self, &report->sentences);
}

static size_t count_names(const char *const *names)
{
    size_t count = 0;

    while (names && names[count])
        count++;
    return count;
}

static int open_files(struct co_task *self, struct co_group *group, struct report *report, int64_t started_at,
                      struct error *error)
{
    const char *const *names = report->options.files;
    int result = 0;

    report->files = memory_allocate((count_names(names) + 1) * sizeof(struct report_file *));
    for (; names && *names && result == 0; names++) {
        result = report_file_open(self, group, *names, &report->options, started_at, error,
                                  &report->files[report->file_count]);
        report->file_count += result == 0;
    }
    return result;
}

/* All of them, whatever becomes of one: the first that failed is the error, what failed after it is said. */
static int finish_files(struct co_task *self, struct report *report, const struct totals *totals,
                        const struct run_end *end, struct error *error)
{
    struct error another = {.kind = ERROR_NONE};
    int first = 0;

    for (size_t i = 0; i < report->file_count; i++) {
        int result = report_file_finish(self, report->files[i], totals, end, first == 0 ? error : &another);

        if (result < 0 && first < 0)
            report_say(report, "%s", another.message);
        first = first < 0 ? first : result;
    }
    return first;
}

static int start(struct co_task *self, struct co_group *group, struct report *report, int64_t started_at,
                 struct error *error)
{
    int result = open_files(self, group, report, started_at, error);

    if (result < 0) {
        finish_files(self, report, NULL, NULL, NULL);
        return result;
    }
    result = start_writers(self, group, report);
    if (result == 0) {
        result = start_progress(self, group, report);
        if (result == 0 && tells_events(report)) {
            result = events_start(self, group, &report->events, &report->options, started_at);
            if (result < 0 && shows_progress(report))
                ticker_finish(self, &report->ticker);
        }
        if (result == 0)
            return 0;
        finish_writers(self, report);
    }
    finish_files(self, report, NULL, NULL, NULL);
    return fail(error, ERROR_SYSTEM, -result, "cannot start the report: %s", co_error_text(result));
}

static void append_record(struct text *lines, const struct list *handed)
{
    record_append(lines, LIST_MEMBER(handed, const struct result, link));
}

static void forget_handed(void *report, struct list *handed)
{
    ((struct report *)report)->forget(LIST_MEMBER(handed, struct result, link));
}

int report_open(struct co_task *self, struct co_group *group, const struct report_options *options,
                report_forget *forget, struct error *error, struct report **ret_report)
{
    CLEANUP(report_close) struct report *report = memory_allocate(sizeof *report);
    int64_t started_at = clock_wall();
    int result;

    report->options = *options;
    report->forget = forget;
    writer_init(&report->json, STDOUT_FILENO, REPORT_PENDING_MAXIMUM);
    report->json.make_line = append_record;
    report->json.give_back = forget_handed;
    report->json.owner = report;
    writer_init(&report->sentences, STDERR_FILENO, REPORT_PENDING_MAXIMUM);
    screen_init(&report->screen, STDERR_FILENO);
    flights_init(&report->flights);
    events_init(&report->events, (int)options->events_descriptor, &report->flights);
    result = start(self, group, report, started_at, error);
    if (result < 0)
        return result;
    if (options->json && torn_line(self, STDOUT_FILENO))
        text_append_byte(&report->json.pending, '\n');
    if (options->json) {
        run_lines_append_run(&report->json.pending, options, started_at);
        writer_appended(&report->json);
    }
    *ret_report = STEAL(report);
    return 0;
}

static int check_written(int result, struct error *error)
{
    if (result == 0)
        return 0;
    if (result == -ETIMEDOUT)
        return fail(error, ERROR_REPORT, ETIMEDOUT,
                    "cannot write to standard output: its reader has taken nothing for %d s", WRITE_GRACE_SECONDS);
    return fail(error, ERROR_REPORT, -result, "cannot write to standard output: %s", strerror(-result));
}

static bool is_worth_a_sentence(const struct report *report, const struct result *result)
{
    return !report->options.quiet && (report->options.verbosity > 0 || result->status == RESULT_FAILED);
}

/* One that fails says so when it is finished; the others and the run go on. */
static void add_to_files(struct co_task *self, struct report *report, const struct result *result)
{
    for (size_t i = 0; i < report->file_count; i++)
        report_file_add(self, report->files[i], result);
}

static int write_out(struct co_task *self, struct report *report, const struct result *result)
{
    CLEANUP(text_release) struct text unheard = {0};
    int written = writer_wait_for_room(self, &report->json);

    write_out_append(report->options.write_out, result, &report->json.pending,
                     report->options.quiet ? &unheard : &report->sentences.pending);
    writer_appended(&report->json);
    writer_appended(&report->sentences);
    return written;
}

static void begin_color(struct report *report, enum color color)
{
    color_begin(&report->sentences.pending, color, report->options.color == COLOR_ALWAYS);
}

/* Before the newline: whatever is printed next begins without it. */
static void end_color(struct report *report)
{
    struct text *lines = &report->sentences.pending;

    if (report->options.color != COLOR_ALWAYS)
        return;
    lines->length--;
    color_end(lines, true);
    text_append_byte(lines, '\n');
}

static void append_sentence(struct report *report, const struct result *result)
{
    bool is_failure = result->status == RESULT_FAILED;

    if (is_failure)
        begin_color(report, COLOR_RED);
    sentences_append_result(&report->sentences.pending, result);
    if (is_failure)
        end_color(report);
}

/* With all that may be large of what is held for it. */
static size_t record_size(const struct result *result)
{
    return RECORD_SIZE + result->job->memory + (size_t)result->exchange.size_header +
           result->attempts_known * sizeof *result->attempts;
}

int report_result(struct co_task *self, struct report *report, struct result *result, struct error *error)
{
    int written = 0;

    totals_add(&report->totals, result);
    if (is_worth_a_sentence(report, result)) {
        writer_wait_for_room(self, &report->sentences);
        append_sentence(report, result);
        writer_appended(&report->sentences);
    }
    if (report->options.github) {
        github_add(&report->github, result, report->options.quiet ? NULL : &report->sentences.pending);
        writer_appended(&report->sentences);
    }
    if (report->options.write_out)
        written = write_out(self, report, result);
    if (tells_events(report))
        events_result(self, &report->events, result);
    add_to_files(self, report, result);
    if (report->options.json) {
        written = writer_wait_for_room(self, &report->json);
        writer_hand_over(&report->json, &result->link, record_size(result));
    } else {
        report->forget(result);
    }
    return check_written(written, error);
}

void report_begin(struct report *report, const struct job *job, unsigned attempt, const char *url)
{
    if (tells_events(report))
        events_begin(&report->events, job, attempt, url);
}

void report_retry(struct report *report, const struct job *job, const char *url, int64_t wait,
                  const struct failure *failure)
{
    if (tells_events(report))
        events_retry(&report->events, job, wait, failure);
    if (report->options.quiet || report->options.verbosity == 0)
        return;
    begin_color(report, COLOR_YELLOW);
    sentences_append_retry(&report->sentences.pending, url, wait, failure);
    end_color(report);
    writer_appended(&report->sentences);
}

void report_allowance(struct report *report, const char *origin, unsigned at_once)
{
    if (report->options.quiet || report->options.verbosity == 0)
        return;
    sentences_append_allowance(&report->sentences.pending, origin, at_once);
    writer_appended(&report->sentences);
}

void report_pause(struct report *report, const char *origin, int64_t wait)
{
    if (report->options.quiet || report->options.verbosity == 0)
        return;
    sentences_append_pause(&report->sentences.pending, origin, wait);
    writer_appended(&report->sentences);
}

void report_hurry(struct report *report)
{
    writer_hurry(&report->json);
    writer_hurry(&report->sentences);
    writer_hurry(&report->events.writer);
}

void report_say(struct report *report, const char *format, ...)
{
    char remark[ERROR_MESSAGE_MAXIMUM];
    va_list arguments;

    if (report->options.quiet)
        return;
    va_start(arguments, format);
    vsnprintf(remark, sizeof remark, format, arguments);
    va_end(arguments);
    sentences_append_remark(&report->sentences.pending, remark);
    writer_appended(&report->sentences);
}

void report_complain(const char *remark)
{
    CLEANUP(text_release) struct text line = {0};

    sentences_append_remark(&line, remark);
    fwrite(line.bytes, 1, line.length, stderr);
}

/* What cannot be shown there is said, and no failure of the run. */
static void finish_github(struct co_task *self, struct report *report, const struct run_end *end)
{
    const char *path = report->options.github_summary;
    int result = path ? github_finish(self, &report->github, path, &report->totals, end) : 0;

    if (result < 0)
        report_say(report, "cannot write the summary '%s': %s", path, co_error_text(result));
}

/* Whoever watched has left: no failure of the run either. */
static void finish_events(struct co_task *self, struct report *report, const struct run_end *end)
{
    int result = tells_events(report) ? events_finish(self, &report->events, &report->totals, end) : 0;

    if (result < 0)
        report_say(report, "cannot write the events: %s", co_error_text(result));
}

struct flights *report_flights(struct report *report)
{
    return shows_progress(report) || tells_events(report) ? &report->flights : NULL;
}

const struct totals *report_totals(const struct report *report)
{
    return &report->totals;
}

int report_finish(struct co_task *self, struct report *report, struct outcome *outcome, int64_t elapsed,
                  unsigned most_at_once, struct error *error)
{
    struct run_end end = {totals_exit_code(&report->totals, outcome), elapsed, most_at_once,
                          report->options.saves_nothing};
    int result = 0, finished;

    if (shows_progress(report))
        ticker_finish(self, &report->ticker);
    finished = finish_files(self, report, &report->totals, &end, error);
    outcome->local_failure |= finished < 0;
    end.exit_code = totals_exit_code(&report->totals, outcome);
    finish_github(self, report, &end);
    finish_events(self, report, &end);
    if (report->options.json) {
        writer_drain(self, &report->json);
        run_lines_append_summary(&report->json.pending, &report->totals, &end);
    }
    if (writes_standard_output(report)) {
        writer_appended(&report->json);
        result = writer_finish(self, &report->json);
    }
    if (!report->options.quiet) {
        if (!report->options.no_summary)
            sentences_append_summary(&report->sentences.pending, &report->totals, &end);
        writer_appended(&report->sentences);
        writer_finish(self, &report->sentences);
    }
    outcome->local_failure |= result < 0;
    return result < 0 ? check_written(result, error) : finished;
}

void report_close(struct report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->file_count; i++)
        report_file_close(report->files[i]);
    free(report->files);
    writer_release(&report->json);
    writer_release(&report->sentences);
    ticker_release(&report->ticker);
    screen_release(&report->screen);
    totals_release(&report->totals);
    github_release(&report->github);
    events_release(&report->events);
    free(report);
}

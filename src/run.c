#include "run.h"
#include "process.h"

#include <haul/batch/batch.h>
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <haul/co/signal.h>
#include <haul/co/thread.h>
#include <haul/disk/cache.h>
#include <haul/disk/folder.h>
#include <haul/disk/private_file.h>
#include <haul/http/client.h>
#include <haul/input/input.h>
#include <haul/input/journal.h>
#include <haul/report/report.h>

#include <errno.h>
#include <signal.h>

static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP};
#define STOP_SIGNALS (sizeof stop_signals / sizeof *stop_signals)

struct places {
    struct input *input;
    struct journal *journal;
    struct folder *folder;
    struct cache *cache;
    struct http_client *client;
    struct co_signal *signals[STOP_SIGNALS]; /* NULL: it is ignored */
    struct report *report;
};

/* Until all is told. */
struct watches {
    struct co_group group;
    struct co_scope *batch; /* cancelled by the first signal; NULL: it has ended, and no signal ends it */
    struct outcome *outcome;
    struct report *report;
    struct watch {
        struct watches *all;
        int number;
        struct co_signal **signal;
        struct co_scope scope;
        bool waits;
    } each[STOP_SIGNALS];
};

/* The group is not cancelled for that: who has opened it still has to tell of everything. */
static void end_waiting(struct watches *watches)
{
    for (size_t i = 0; i < STOP_SIGNALS; i++)
        if (watches->each[i].waits)
            co_scope_cancel(&watches->each[i].scope);
}

/* After the first, signals do again what they usually do: a second one kills. */
static int watch_signal(struct co_task *self, void *argument)
{
    struct watch *watch = argument;
    struct watches *all = watch->all;
    int result;

    co_scope_begin(self, &watch->scope, CO_FOREVER);
    watch->waits = true;
    result = co_signal_wait(self, *watch->signal);
    watch->waits = false;
    co_scope_end(self, &watch->scope, 0);
    co_signal_close(STEAL(*watch->signal));
    if (result < 0)
        return result;
    report_hurry(all->report);
    if (all->batch) {
        all->outcome->signal = watch->number;
        co_scope_cancel(all->batch);
    }
    end_waiting(all);
    return 0;
}

static int begin_watches(struct co_task *self, struct watches *watches, struct places *places)
{
    int result = 0;

    co_group_open(self, &watches->group, CO_COLLECT, 0);
    for (size_t i = 0; i < STOP_SIGNALS && result == 0; i++) {
        watches->each[i] = (struct watch){.all = watches, .number = stop_signals[i], .signal = &places->signals[i]};
        if (places->signals[i])
            result = co_spawn_named(self, &watches->group, "signal", watch_signal, &watches->each[i], NULL);
    }
    return result;
}

static void end_watches(struct co_task *self, struct watches *watches)
{
    co_group_cancel(&watches->group);
    co_group_close(self, &watches->group, 0);
}

static int on_result(struct co_task *self, void *report, struct result *result, struct error *error)
{
    return report_result(self, report, result, error);
}

static void on_begin(void *report, const struct job *job, unsigned attempt, const char *url)
{
    report_begin(report, job, attempt, url);
}

static void on_retry(void *report, const struct job *job, const char *url, int64_t wait, const struct failure *failure)
{
    report_retry(report, job, url, wait, failure);
}

static void on_allowance(void *report, const char *origin, unsigned at_once)
{
    report_allowance(report, origin, at_once);
}

static void on_pause(void *report, const char *origin, int64_t wait)
{
    report_pause(report, origin, wait);
}

static void on_stop(void *report)
{
    report_hurry(report);
}

/* On a thread: its file has a name that is taken. */
static void note_file(void *context, const char *path)
{
    struct folder *folder = context;
    const char *name = folder ? folder_name_of(folder, path) : NULL;

    if (name)
        folder_claim(folder, name);
}

static int open_journal(struct co_task *self, const char *path, struct places *places, struct error *error)
{
    int result = journal_open(self, path, note_file, places->folder, error, &places->journal);

    if (result == 0 && places->folder)
        folder_resume(places->folder, journal_began(places->journal));
    return result;
}

static int do_nothing(void *argument, const struct co_token *token)
{
    (void)argument;
    (void)token;
    return 0;
}

/* The first work for a thread makes them all. */
static int start_threads(struct co_task *self, struct error *error)
{
    int result = co_to_thread(self, do_nothing, NULL);

    if (result < 0)
        return fail(error, ERROR_SYSTEM, -result, "cannot start: %s", co_error_text(result));
    process_has_started();
    return 0;
}

/* Before the first line of a report: who has read it may interrupt. */
static int open_signals(struct co_runtime *runtime, struct places *places, struct error *error)
{
    int result = 0;

    for (size_t i = 0; i < STOP_SIGNALS && result == 0; i++)
        if (!process_ignores(stop_signals[i]))
            result = co_signal_open(runtime, stop_signals[i], &places->signals[i]);
    return result == 0 ? 0 : fail(error, ERROR_SYSTEM, -result, "cannot start: %s", co_error_text(result));
}

static int open_places(struct co_task *self, const struct options *options, struct places *places, struct error *error)
{
    int result = start_threads(self, error);

    if (result == 0)
        result = input_open(self, &options->input, error, &places->input);
    if (result == 0 && options->batch.mode == BATCH_SAVE)
        result = options->batch.dry_run ? folder_open_as_is(self, options->output_dir, error, &places->folder)
                                        : folder_open(self, options->output_dir, error, &places->folder);
    if (result == 0 && options->resume)
        result = open_journal(self, options->resume, places, error);
    if (result == 0 && places->folder && options->cache)
        result = cache_open(self, options->cache, places->folder, error, &places->cache);
    if (result == 0)
        result = http_client_open(co_task_runtime(self), &options->http, error, &places->client);
    if (result == 0)
        result = open_signals(co_task_runtime(self), places, error);
    return result;
}

static int close_cache(struct co_task *self, struct places *places, struct error *error)
{
    struct cache *cache = STEAL(places->cache);

    return cache_close(self, cache, error);
}

static void close_places(struct co_task *self, struct places *places)
{
    struct error ignored;

    report_close(places->report);
    for (size_t i = 0; i < STOP_SIGNALS; i++)
        co_signal_close(places->signals[i]);
    http_client_close(places->client);
    close_cache(self, places, &ignored);
    folder_close(places->folder);
    journal_close(places->journal);
    input_close(places->input);
}

/* The batch, until it ends or a signal ends it. */
static int run_batch(struct co_task *self, const struct options *options, struct places *places,
                     struct watches *watches, struct batch_summary *summary, struct error *error)
{
    struct batch_places batch_places = {
        .input = places->input,
        .journal = places->journal,
        .client = places->client,
        .folder = places->folder,
        .cache = places->cache,
        .flights = report_flights(places->report),
        .listener = places->report,
        .on_result = on_result,
        .on_allowance = on_allowance,
        .on_pause = on_pause,
        .on_retry = on_retry,
        .on_begin = on_begin,
        .on_stop = on_stop,
    };
    int result = begin_watches(self, watches, places);
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    watches->batch = &scope;
    if (result == 0)
        result = batch_run(self, &options->batch, &batch_places, summary, error);
    watches->batch = NULL;
    result = co_scope_end(self, &scope, result);
    if (result < 0 && error->kind == ERROR_NONE)
        fail(error, ERROR_SYSTEM, -result, "cannot go on: %s", co_error_text(result));
    return result;
}

static void say_beforehand(const struct options *options, struct report *report)
{
    if (options->warning)
        report_say(report, "%s", options->warning);
    for (const char *const *source = options->sources; *source && options->report.verbosity > 0; source++)
        report_say(report, "%s", *source);
}

/* Who asks for more at once may wonder why there were not. */
static void say_what_held(const struct options *options, struct report *report, const struct batch_summary *summary)
{
    const struct batch_options *batch = &options->batch;
    const struct totals *totals = report_totals(report);

    if (options->report.verbosity > 0 && totals->origin_count == 1 && batch->jobs_per_host < batch->jobs &&
        summary->most_at_once >= batch->jobs_per_host && totals->total > summary->most_at_once)
        report_say(report, "%u were asked for at once, as '--jobs-per-host' allows: all URLs have one origin",
                   summary->most_at_once);
}

static void note_error(struct outcome *outcome, const struct error *error)
{
    if (error->kind == ERROR_INPUT)
        outcome->input_unreadable = true;
    else
        outcome->local_failure = true;
}

static int save_cookies(struct co_task *self, const struct options *options, const struct places *places,
                        struct error *error)
{
    CLEANUP(text_release) struct text text = {0};

    if (!options->cookie_jar)
        return 0;
    http_client_write_cookies(places->client, &text);
    return private_file_write(self, options->cookie_jar, text_slice(&text), error);
}

/* With the places open: everything is told through the report. */
static int run_reported(struct co_task *self, struct run *run, struct places *places, struct error *error)
{
    struct outcome outcome = {.signal = 0};
    struct batch_summary summary = {.most_at_once = 0};
    struct watches watches = {.outcome = &outcome, .report = places->report};
    int64_t began = co_now();
    int result, finished;

    say_beforehand(run->options, places->report);
    result = run_batch(self, run->options, places, &watches, &summary, error);
    if (run->options->batch.deadline > 0)
        report_hurry(places->report); /* what is left is only to be told, and the deadline is of that, too */
    if (result == 0)
        result = close_cache(self, places, error);
    if (result == 0 && report_totals(places->report)->total == 0)
        report_say(places->report, "there are no URLs in the input");
    say_what_held(run->options, places->report, &summary);
    outcome.stopped_by_policy = summary.stopped_by_policy;
    if (summary.stopped_by_policy && summary.stop_reason)
        report_say(places->report, "stopped with work left, as '--%s' says", summary.stop_reason);
    if (result < 0) {
        note_error(&outcome, error);
        report_say(places->report, "%s", error->message);
    }
    if (save_cookies(self, run->options, places, error) < 0) {
        outcome.local_failure = true;
        report_say(places->report, "%s", error->message);
    }
    finished = report_finish(self, places->report, &outcome, co_now() - began, summary.most_at_once, error);
    end_watches(self, &watches);
    run->exit_code = totals_exit_code(report_totals(places->report), &outcome);
    return finished < 0 && result == 0 ? -EIO : 0; /* one sentence is enough */
}

int run_main(struct co_task *self, void *argument)
{
    struct run *run = argument;
    struct places places = {.input = NULL};
    struct error error = {.kind = ERROR_NONE};
    struct co_group group; /* of the report's tasks */
    int result = open_places(self, run->options, &places, &error);

    co_group_open(self, &group, CO_COLLECT, 0);
    if (result == 0)
        result = report_open(self, &group, &run->options->report, batch_forget, &error, &places.report);
    if (result < 0)
        run->exit_code = error.kind == ERROR_USAGE ? 2 : error.kind == ERROR_INPUT ? 3 : 5;
    else
        result = run_reported(self, run, &places, &error);
    co_group_close(self, &group, 0);
    close_places(self, &places);
    if (result < 0)
        report_complain(error.message);
    return 0;
}

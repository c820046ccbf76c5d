#include "fetch.h"
#include "origins.h"
#include "verify.h"

#include <haul/base/clock.h>
#include <haul/base/memory.h>
#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/co/semaphore.h>
#include <haul/job/retry_after.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct batch {
    const struct batch_options *options;
    const struct batch_places *places;
    struct error *error;
    struct co_group group;
    struct origins origins;
    struct list sleeping; /* works that wait for a retry */
    struct co_semaphore permits;
    struct co_event changed;  /* something for the dispatcher to look at */
    struct co_event has_room; /* for the reader */
    size_t works;             /* read and not delivered */
    unsigned running, most_at_once;
    unsigned kept; /* part files of works that wait for a retry */
    bool input_ended;
    int input_result;
    struct error input_error;
    uint64_t random;
};

/* Delivers and forgets a work; also when we are cancelled. */
static int deliver(struct co_task *self, struct work *work)
{
    struct batch *batch = work->batch;
    struct co_scope scope;
    int result;

    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    result = batch->places->on_result(self, batch->places->listener, &work->result, batch->error);
    fetch_drop_kept(self, work);
    result = co_scope_end(self, &scope, result);
    work_close(work);
    batch->works--;
    co_event_set(&batch->has_room);
    co_event_set(&batch->changed);
    return result;
}

static void note_end(struct work *work, enum result_status status)
{
    struct result *result = &work->result;

    result->status = status;
    result->finished_at = clock_wall();
    if (work->started == 0)
        return;
    result->time_elapsed = co_now() - work->started;
    result->time_wait = result->time_elapsed - work->asking;
}

static int deliver_cancelled(struct co_task *self, struct work *work)
{
    struct failure *failure = &work->result.failure;

    failure_set(failure, FAILURE_CANCELLED, ECANCELED, false, "interrupted");
    failure->exit_code = 42; /* curl's: aborted by a callback */
    work->result.reason = "interrupted";
    note_end(work, RESULT_CANCELLED);
    return deliver(self, work);
}

static int deliver_skipped(struct co_task *self, struct work *work)
{
    work->result.reason = "exists";
    note_end(work, RESULT_SKIPPED);
    return deliver(self, work);
}

static int deliver_bad(struct co_task *self, struct work *work, const char *problem)
{
    struct failure *failure = &work->result.failure;

    failure_set(failure, FAILURE_INPUT, 0, false, "%s", problem);
    failure->exit_code = 3; /* curl's: malformed URL */
    work->result.url = work->job->url;
    note_end(work, RESULT_FAILED);
    return deliver(self, work);
}

/* Where a new job goes: to its origin, or straight to its result when it cannot be asked for. */
static int admit(struct co_task *self, struct batch *batch, struct job *job)
{
    struct work *work = work_open(batch, job);
    const char *problem = job->problem;

    batch->works++;
    work->result.method = batch->options->method ? batch->options->method : "GET";
    if (problem || !http_url_parse(&work->result.arena, job->url, &work->url, &problem))
        return deliver_bad(self, work, problem);
    problem = verify_problem(work);
    if (problem)
        return deliver_bad(self, work, problem);
    work->result.url = work->url.text;
    work->result.origin = work->url.origin;
    origins_add(&batch->origins, work);
    co_event_set(&batch->changed);
    return 0;
}

static int wait_for_room(struct co_task *self, struct batch *batch)
{
    while (batch->works >= BATCH_READ_AHEAD + batch->options->jobs) {
        int result;

        co_event_clear(&batch->has_room);
        result = co_event_wait(self, &batch->has_room);
        if (result < 0)
            return result;
    }
    return 0;
}

static int read_input(struct co_task *self, void *argument)
{
    struct batch *batch = argument;
    struct job *job;
    int result = 0;

    while (result == 0) {
        result = wait_for_room(self, batch);
        if (result < 0)
            break;
        batch->input_result = input_next(self, batch->places->input, &job, &batch->input_error);
        if (batch->input_result <= 0)
            break;
        result = admit(self, batch, job);
    }
    batch->input_ended = true;
    co_event_set(&batch->changed);
    return result;
}

static uint64_t next_random(struct batch *batch)
{
    batch->random ^= batch->random << 13;
    batch->random ^= batch->random >> 7;
    batch->random ^= batch->random << 17;
    return batch->random;
}

static void on_retry_due(struct co_timer *timer)
{
    struct work *work = LIST_MEMBER(timer, struct work, retry_timer);

    list_remove(&work->link);
    origins_add_first(&work->batch->origins, work);
    co_event_set(&work->batch->changed);
}

/* A part file that waits is a descriptor that waits. */
static void limit_kept(struct co_task *self, struct work *work)
{
    if (work->kept && work->batch->kept >= work->batch->options->parts_kept)
        fetch_drop_kept(self, work);
    work->batch->kept += work->kept != NULL;
}

static void sleep_until_retry(struct co_task *self, struct work *work, int64_t wait, const char *reason)
{
    struct batch *batch = work->batch;

    limit_kept(self, work);
    work->wait = wait;
    work->wait_reason = reason;
    work->retry_timer.on_expire = on_retry_due;
    list_append(&batch->sleeping, &work->link);
    co_timer_start(co_task_runtime(self), &work->retry_timer, co_after(wait));
    if (batch->places->on_retry)
        batch->places->on_retry(batch->places->listener, work->result.url, wait, &work->result.failure);
}

static void note_attempt(struct work *work, int64_t took)
{
    struct attempt *attempt = result_add_attempt(&work->result);

    attempt->response_code = work->result.exchange.response_code;
    attempt->failure = work->result.failure;
    attempt->size_download = work->result.exchange.size_download;
    attempt->time_total = took;
    attempt->wait = work->wait;
    attempt->wait_reason = work->wait > 0 ? work->wait_reason : NULL;
    work->asking += took;
}

static int fetch_once(struct co_task *self, struct work *work)
{
    struct batch *batch = work->batch;
    int64_t began = co_now();
    int result;

    if (work->started == 0) {
        work->started = began;
        work->result.started_at = clock_wall();
    }
    batch->kept -= work->kept != NULL;
    if (++batch->running > batch->most_at_once)
        batch->most_at_once = batch->running;
    work->result.failure = (struct failure){.class = FAILURE_NONE};
    result = fetch(self, batch->options, batch->places, work, &work->result.failure);
    batch->running--;
    if (result == -ECANCELED)
        failure_set(&work->result.failure, FAILURE_CANCELLED, ECANCELED, false, "interrupted");
    if (result != -EALREADY)
        note_attempt(work, co_now() - began);
    return result;
}

/* The server says when to come again: a word for everybody who waits there.  0: it does not. */
static int64_t pause_origin(struct work *work)
{
    const struct exchange *exchange = &work->result.exchange;
    int64_t longest = work->batch->options->retry.maximum_delay, wait;

    if (exchange->response_code != 429 && exchange->response_code != 503)
        return 0;
    if (!retry_after_parse(exchange_header(exchange, "retry-after"), exchange_header(exchange, "date"), clock_wall(),
                           &wait))
        return 0;
    wait = wait < longest ? wait : longest;
    if (wait > 0)
        origins_pause(work->origin, co_after(wait));
    return wait;
}

/* What becomes of the work after an attempt.  The permits are held until a result is delivered, so that a report that
 * cannot keep up slows the run down. */
static int conclude(struct co_task *self, struct work *work, int attempt)
{
    const struct result *result = &work->result;
    int64_t wait, pause;

    if (attempt == -ECANCELED)
        return deliver_cancelled(self, work);
    if (attempt == -EEXIST || attempt == -EALREADY)
        return deliver_skipped(self, work);
    if (attempt == 0) {
        note_end(work, RESULT_OK);
        return deliver(self, work);
    }
    pause = pause_origin(work);
    if (retry_decide(&work->batch->options->retry, &result->failure, result->attempt_count, next_random(work->batch),
                     &wait)) {
        sleep_until_retry(self, work, pause > 0 ? pause : wait, pause > 0 ? "retry-after" : "backoff");
        return 0;
    }
    note_end(work, RESULT_FAILED);
    return deliver(self, work);
}

static int run_work(struct co_task *self, void *argument)
{
    struct work *work = argument;
    struct batch *batch = work->batch;
    struct origin *origin = work->origin;
    int result = conclude(self, work, fetch_once(self, work));

    origins_give_back(&batch->origins, origin);
    co_semaphore_release(&batch->permits);
    co_event_set(&batch->changed);
    return result;
}

static void put_back(struct batch *batch, struct work *work)
{
    struct origin *origin = work->origin;

    origins_add_first(&batch->origins, work);
    origins_give_back(&batch->origins, origin);
}

/* The next work that may start; NULL when all are done. */
static int wait_for_work(struct co_task *self, struct batch *batch, struct work **ret_work)
{
    int result = 0;

    *ret_work = NULL;
    while (result == 0 && !(batch->input_ended && batch->works == 0)) {
        *ret_work = origins_take(&batch->origins);
        if (*ret_work)
            return 0;
        co_event_clear(&batch->changed);
        result = co_event_wait(self, &batch->changed);
    }
    return result;
}

/* The permit comes first, so that a work which was taken starts now. */
static int dispatch(struct co_task *self, struct batch *batch)
{
    struct work *work = NULL;
    int result;

    do {
        result = co_semaphore_acquire(self, &batch->permits);
        if (result < 0)
            return result;
        result = wait_for_work(self, batch, &work);
        if (result == 0 && work)
            result = co_spawn(self, &batch->group, run_work, work);
        if (result < 0 && work)
            put_back(batch, work);
    } while (result == 0 && work);
    co_semaphore_release(&batch->permits);
    return result;
}

/* What was read and never asked for still gets its record. */
static int deliver_rest(struct co_task *self, struct batch *batch)
{
    struct work *work;
    int result = 0;

    while (!list_is_empty(&batch->sleeping)) {
        work = LIST_MEMBER(list_take_first(&batch->sleeping), struct work, link);
        co_timer_stop(co_task_runtime(self), &work->retry_timer);
        if (deliver_cancelled(self, work) < 0)
            result = -EIO;
    }
    while ((work = origins_take_any(&batch->origins)))
        if (deliver_cancelled(self, work) < 0)
            result = -EIO;
    return result;
}

int batch_run(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
              struct batch_summary *ret_summary, struct error *error)
{
    struct batch batch = {.options = options, .places = places, .error = error};
    int result;

    list_init(&batch.sleeping);
    origins_init(&batch.origins, co_task_runtime(self), &batch.changed, options->jobs_per_host);
    co_semaphore_init(&batch.permits, options->jobs);
    co_event_init(&batch.changed);
    co_event_init(&batch.has_room);
    if (getrandom(&batch.random, sizeof batch.random, GRND_NONBLOCK) < 0 || batch.random == 0)
        batch.random = (uint64_t)co_now() | 1;

    co_group_open(self, &batch.group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &batch.group, read_input, &batch);
    if (result == 0)
        result = dispatch(self, &batch);
    result = co_group_close(self, &batch.group, result);
    if (deliver_rest(self, &batch) < 0 && result >= 0)
        result = -EIO;
    origins_release(&batch.origins);
    ret_summary->most_at_once = batch.most_at_once;
    if (result == 0 && batch.input_result < 0) {
        *error = batch.input_error;
        result = batch.input_result;
    }
    return result;
}

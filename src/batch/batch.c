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
    struct co_scope scope; /* around all; cancelled when the batch is to stop */
    struct co_timer deadline;
    const char *stop_reason; /* why it stops before the end */
    bool work_is_left, work_is_barred;
    uint64_t begun, retries;
    struct co_group group;
    struct origins origins;
    struct list sleeping; /* works that wait for a retry */
    struct co_semaphore permits;
    struct rate rate;
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

static bool stops_by_policy(const struct batch *batch)
{
    return batch->stop_reason != NULL;
}

static const char *stop_reason(const struct batch *batch)
{
    return batch->stop_reason ? batch->stop_reason : "interrupted";
}

static void stop(struct batch *batch, const char *reason)
{
    if (!batch->stop_reason)
        batch->stop_reason = reason;
    co_scope_cancel(&batch->scope);
}

static void note_cancel(struct work *work)
{
    struct failure *failure = &work->result.failure;

    failure_set(failure, FAILURE_CANCELLED, ECANCELED, false, "%s", stop_reason(work->batch));
    failure->exit_code = 42; /* curl's: aborted by a callback */
}

/* A policy that stops the run skips what had not begun. */
static int deliver_stopped(struct co_task *self, struct work *work)
{
    work->batch->work_is_left = true;
    work->result.reason = stop_reason(work->batch);
    if (stops_by_policy(work->batch) && work->started == 0) {
        note_end(work, RESULT_SKIPPED);
        return deliver(self, work);
    }
    note_cancel(work);
    note_end(work, RESULT_CANCELLED);
    return deliver(self, work);
}

static int deliver_failed(struct co_task *self, struct work *work)
{
    struct batch *batch = work->batch;

    note_end(work, RESULT_FAILED);
    if (batch->options->fail_early)
        stop(batch, "fail-early");
    return deliver(self, work);
}

/* Its origin has failed too often; what had been tried is told with its last failure. */
static int deliver_barred(struct co_task *self, struct work *work)
{
    work->result.reason = "breaker-open";
    work->batch->work_is_barred = true;
    if (work->started > 0)
        return deliver_failed(self, work);
    note_end(work, RESULT_SKIPPED);
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
    return deliver_failed(self, work);
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
        batch->begun++;
        work->result.started_at = clock_wall();
    }
    batch->kept -= work->kept != NULL;
    if (++batch->running > batch->most_at_once)
        batch->most_at_once = batch->running;
    work->result.failure = (struct failure){.class = FAILURE_NONE};
    result = fetch(self, batch->options, batch->places, work, &work->result.failure);
    batch->running--;
    if (result == -ECANCELED)
        note_cancel(work);
    if (result != -EALREADY)
        note_attempt(work, co_now() - began);
    return result;
}

/* The server says when to come again: a word for everybody who waits there.  0: it does not. */
static int64_t server_delay(const struct exchange *exchange)
{
    int64_t delay;

    if (exchange->response_code != 429 && exchange->response_code != 503)
        return 0;
    if (!retry_after_parse(exchange_header(exchange, "retry-after"), exchange_header(exchange, "date"), clock_wall(),
                           &delay))
        return 0;
    return delay;
}

static void pause_origin(const struct work *work, int64_t delay)
{
    int64_t longest = work->batch->options->retry.maximum_delay;

    if (delay > 0 && longest > 0)
        origins_pause(work->origin, co_after(delay < longest ? delay : longest));
}

static bool has_budget(const struct batch *batch)
{
    unsigned percent = batch->options->retry_budget;

    return percent == 0 || batch->retries < BATCH_RETRIES_FREE || 100 * batch->retries < percent * batch->begun;
}

static int retry_or_fail(struct co_task *self, struct work *work)
{
    const struct result *result = &work->result;
    struct retry_situation situation = {
        .attempts = result->attempt_count,
        .method = result->method,
        .elapsed = co_now() - work->started,
        .server_delay = server_delay(&result->exchange),
        .random = next_random(work->batch),
    };
    int64_t wait;

    pause_origin(work, situation.server_delay);
    if (!retry_decide(&work->batch->options->retry, &result->failure, &situation, &wait) || !has_budget(work->batch))
        return deliver_failed(self, work);
    work->batch->retries++;
    sleep_until_retry(self, work, wait, situation.server_delay > 0 ? "retry-after" : "backoff");
    return 0;
}

/* What becomes of the work after an attempt.  The permits are held until a result is delivered, so that a report that
 * cannot keep up slows the run down. */
static int conclude(struct co_task *self, struct work *work, int attempt)
{
    if (attempt == -ECANCELED)
        return deliver_stopped(self, work);
    origins_note_attempt(work->origin, attempt == -EIO && work->result.failure.transient);
    if (attempt == -EEXIST || attempt == -EALREADY)
        return deliver_skipped(self, work);
    if (attempt < 0)
        return retry_or_fail(self, work);
    note_end(work, RESULT_OK);
    return deliver(self, work);
}

static int run_work(struct co_task *self, void *argument)
{
    struct work *work = argument;
    struct batch *batch = work->batch;
    struct origin *origin = work->origin;
    int result = work->barred ? deliver_barred(self, work) : conclude(self, work, fetch_once(self, work));

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

/* Until there is a change, or until the rate allows the start that could be made. */
static int wait_for_turn(struct co_task *self, struct batch *batch)
{
    if (origins_have_turn(&batch->origins))
        return co_sleep_until(self, rate_ready(&batch->rate, &batch->options->rate));
    co_event_clear(&batch->changed);
    return co_event_wait(self, &batch->changed);
}

static struct work *take_work(struct batch *batch)
{
    const struct rate_limit *limit = &batch->options->rate;
    struct work *work;
    int64_t now;

    if (limit->count == 0)
        return origins_take(&batch->origins);
    now = co_now();
    if (rate_ready(&batch->rate, limit) > now)
        return NULL;
    work = origins_take(&batch->origins);
    if (work && !work->barred)
        rate_note_start(&batch->rate, limit, now);
    return work;
}

/* The next work that may start; NULL when all are done. */
static int wait_for_work(struct co_task *self, struct batch *batch, struct work **ret_work)
{
    int result = 0;

    *ret_work = NULL;
    while (result == 0 && !(batch->input_ended && batch->works == 0)) {
        *ret_work = take_work(batch);
        if (*ret_work)
            return 0;
        result = wait_for_turn(self, batch);
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
        if (deliver_stopped(self, work) < 0)
            result = -EIO;
    }
    while ((work = origins_take_any(&batch->origins)))
        if (deliver_stopped(self, work) < 0)
            result = -EIO;
    return result;
}

static void on_deadline(struct co_timer *timer)
{
    stop(LIST_MEMBER(timer, struct batch, deadline), "deadline");
}

/* Until all is done, or until the batch is stopped: 0 then too, when that was not from outside. */
static int run_jobs(struct co_task *self, struct batch *batch)
{
    int result;

    co_scope_begin(self, &batch->scope, CO_FOREVER);
    if (batch->options->deadline > 0)
        co_timer_start(co_task_runtime(self), &batch->deadline, co_after(batch->options->deadline));
    co_group_open(self, &batch->group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &batch->group, read_input, batch);
    if (result == 0)
        result = dispatch(self, batch);
    result = co_group_close(self, &batch->group, result);
    co_timer_stop(co_task_runtime(self), &batch->deadline);
    return co_scope_end(self, &batch->scope, result);
}

int batch_run(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
              struct batch_summary *ret_summary, struct error *error)
{
    struct batch batch = {.options = options, .places = places, .error = error, .deadline.on_expire = on_deadline};
    int result;

    list_init(&batch.sleeping);
    origins_init(&batch.origins, co_task_runtime(self), &batch.changed, options->jobs_per_host);
    batch.origins.rate = options->rate_per_host;
    batch.origins.breaker = options->breaker;
    batch.origins.breaker_rest = options->retry.maximum_delay;
    co_semaphore_init(&batch.permits, options->jobs);
    co_event_init(&batch.changed);
    co_event_init(&batch.has_room);
    if (getrandom(&batch.random, sizeof batch.random, GRND_NONBLOCK) < 0 || batch.random == 0)
        batch.random = (uint64_t)co_now() | 1;

    result = run_jobs(self, &batch);
    if (deliver_rest(self, &batch) < 0 && result >= 0)
        result = -EIO;
    origins_release(&batch.origins);
    rate_release(&batch.rate);
    ret_summary->most_at_once = batch.most_at_once;
    ret_summary->stopped_by_policy =
        batch.work_is_barred ||
        (stops_by_policy(&batch) && (batch.work_is_left || !batch.input_ended || batch.input_result == -ECANCELED));
    if (result == 0 && batch.input_result < 0 && batch.input_result != -ECANCELED) {
        *error = batch.input_error;
        result = batch.input_result;
    }
    return result;
}

#include "admission.h"
#include "attempt.h"
#include "delivery.h"
#include "pause.h"
#include "retries.h"
#include "state.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

static void note_sign(struct work *work)
{
    const struct batch_places *places = work->batch->places;
    struct origin *origin = work->origin;

    if (strcmp(work_answering_origin(work), origin->name) == 0 &&
        origins_note_sign(origin, allowance_sign_of(&work->result.failure), work->began) && places->on_allowance)
        places->on_allowance(places->listener, origin->name, origin->allowance.now);
}

static void note_how_it_went(struct work *work, int attempt)
{
    if (attempt == -EALREADY) /* nothing was asked */
        return;
    origins_note_attempt(work->origin, attempt == -EIO && work->result.failure.transient);
    note_sign(work);
    pause_heed(work);
}

/* What becomes of the work after an attempt.  The permits are held until a result is delivered, so that a report that
 * cannot keep up slows the run down. */
static int conclude(struct co_task *self, struct work *work, int attempt)
{
    if (attempt == -ECANCELED)
        return delivery_stopped(self, work);
    note_how_it_went(work, attempt);
    if (attempt == -EEXIST || attempt == -EALREADY)
        return delivery_skipped(self, work);
    if (attempt == -ENODATA)
        return delivery_cached(self, work);
    if (attempt < 0)
        return retries_decide(self, work);
    return delivery_ok(self, work);
}

static int run_work(struct co_task *self, void *argument)
{
    struct work *work = argument;
    struct batch *batch = work->batch;
    struct origin *origin = work->origin;
    int result = work->barred ? retries_pass_over(self, work) : conclude(self, work, attempt_make(self, work));

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
    while (result == 0 && !(batch->input_ended && batch->jobs == 0)) {
        *ret_work = take_work(batch);
        admission_look(batch);
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

    while ((work = retries_take_any(self, batch)))
        if (delivery_stopped(self, work) < 0)
            result = -EIO;
    while ((work = origins_take_any(&batch->origins)))
        if (delivery_stopped(self, work) < 0)
            result = -EIO;
    while ((work = admission_take_any(batch)))
        if (delivery_stopped(self, work) < 0)
            result = -EIO;
    return result;
}

static void on_deadline(struct co_timer *timer)
{
    batch_stop(LIST_MEMBER(timer, struct batch, deadline), "deadline");
}

/* Until all is done, or until the batch is stopped: 0 then too, when that was not from outside. */
static int run_jobs(struct co_task *self, struct batch *batch)
{
    int result;

    co_scope_begin(self, &batch->scope, CO_FOREVER);
    if (batch->options->deadline > 0)
        co_timer_start(co_task_runtime(self), &batch->deadline, co_after(batch->options->deadline));
    co_group_open(self, &batch->group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &batch->group, admission_read, batch);
    if (result == 0)
        result = co_spawn(self, &batch->group, admission_run, batch);
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
    list_init(&batch.read);
    origins_init(&batch.origins, co_task_runtime(self), &batch.changed, options->jobs_per_host);
    batch.origins.rate = options->rate_per_host;
    batch.origins.breaker = options->breaker;
    batch.origins.trouble_rest = options->retry.maximum_delay;
    batch.origins.adapts = !options->same_pace;
    if (options->ordered)
        order_init(&batch.order, batch_room(options));
    co_semaphore_init(&batch.permits, options->jobs);
    co_event_init(&batch.changed);
    co_event_init(&batch.has_room);
    co_event_init(&batch.wanted);
    if (getrandom(&batch.random, sizeof batch.random, GRND_NONBLOCK) < 0 || batch.random == 0)
        batch.random = (uint64_t)co_now() | 1;

    result = run_jobs(self, &batch);
    if (deliver_rest(self, &batch) < 0 && result >= 0)
        result = -EIO;
    origins_release(&batch.origins);
    text_release(&batch.first_origin);
    order_release(&batch.order);
    rate_release(&batch.rate);
    ret_summary->most_at_once = batch.most_at_once;
    ret_summary->stop_reason = batch.stop_reason;
    ret_summary->stopped_by_policy =
        batch.work_is_barred || (batch_stops_by_policy(&batch) &&
                                 (batch.work_is_left || !batch.input_ended || batch.input_result == -ECANCELED));
    if (result == 0 && batch.input_result < 0 && batch.input_result != -ECANCELED) {
        *error = batch.input_error;
        result = batch.input_result;
    }
    return result;
}

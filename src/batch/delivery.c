#include "delivery.h"
#include "fetch.h"

#include <haul/base/clock.h>

#include <errno.h>

/* What is not needed to tell of it. */
static void settle(struct co_task *self, struct work *work)
{
    const struct batch *batch = work->batch;

    fetch_leave_kept(self, work);
    if (batch->places->flights)
        flights_remove(batch->places->flights, &work->flight);
    text_release(&work->body);
}

static int tell(struct co_task *self, struct work *work)
{
    struct batch *batch = work->batch;
    int result = batch->places->on_result(self, batch->places->listener, &work->result, batch->error);

    batch->jobs--;
    co_event_set(&batch->has_room);
    co_event_set(&batch->changed);
    return result;
}

static int tell_in_order(struct co_task *self, struct work *work)
{
    struct order *order = &work->batch->order;
    int result = 0;

    order_add(order, work->place, work);
    if (order->telling)
        return 0;
    order->telling = true;
    while ((work = order_take(order))) {
        int told = tell(self, work);

        result = told < 0 ? told : result;
    }
    order->telling = false;
    return result;
}

/* Delivers and forgets a work; also when we are cancelled. */
static int deliver(struct co_task *self, struct work *work)
{
    bool ordered = work->batch->options->ordered;
    struct co_scope scope;
    int result;

    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    settle(self, work);
    result = ordered ? tell_in_order(self, work) : tell(self, work);
    return co_scope_end(self, &scope, result);
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

bool batch_stops_by_policy(const struct batch *batch)
{
    return batch->stop_reason != NULL;
}

static const char *stop_reason(const struct batch *batch)
{
    return batch->stop_reason ? batch->stop_reason : "interrupted";
}

void batch_stop(struct batch *batch, const char *reason)
{
    if (!batch->stop_reason)
        batch->stop_reason = reason;
    if (batch->places->on_stop)
        batch->places->on_stop(batch->places->listener);
    co_scope_cancel(&batch->scope);
}

void delivery_note_cancel(struct work *work)
{
    struct failure *failure = &work->result.failure;

    failure_set(failure, FAILURE_CANCELLED, ECANCELED, false, "%s", stop_reason(work->batch));
    failure->exit_code = 42; /* curl's: aborted by a callback */
}

void delivery_note_bad(struct work *work, const char *problem)
{
    struct failure *failure = &work->result.failure;

    failure_set(failure, FAILURE_INPUT, 0, false, "%s", problem);
    failure->exit_code = 3; /* curl's: malformed URL */
    work->result.url = work->job->url;
}

/* A policy that stops the run skips what had not begun; but what is no job has failed, whatever stops the others. */
int delivery_stopped(struct co_task *self, struct work *work)
{
    if (work->result.failure.class == FAILURE_INPUT) {
        note_end(work, RESULT_FAILED);
        return deliver(self, work);
    }
    work->batch->work_is_left = true;
    work->result.reason = stop_reason(work->batch);
    if (batch_stops_by_policy(work->batch) && work->started == 0) {
        note_end(work, RESULT_SKIPPED);
        return deliver(self, work);
    }
    delivery_note_cancel(work);
    note_end(work, RESULT_CANCELLED);
    return deliver(self, work);
}

int delivery_failed(struct co_task *self, struct work *work)
{
    struct batch *batch = work->batch;

    note_end(work, RESULT_FAILED);
    if (batch->options->fail_early)
        batch_stop(batch, "fail-early");
    return deliver(self, work);
}

/* Its origin has failed too often; what had been tried is told with its last failure. */
int delivery_barred(struct co_task *self, struct work *work)
{
    work->result.reason = "breaker-open";
    work->batch->work_is_barred = true;
    if (work->started > 0)
        return delivery_failed(self, work);
    note_end(work, RESULT_SKIPPED);
    return deliver(self, work);
}

int delivery_skipped(struct co_task *self, struct work *work)
{
    if (!work->result.reason)
        work->result.reason = "exists";
    note_end(work, RESULT_SKIPPED);
    return deliver(self, work);
}

int delivery_bad(struct co_task *self, struct work *work, const char *problem)
{
    delivery_note_bad(work, problem);
    return delivery_failed(self, work);
}

int delivery_cached(struct co_task *self, struct work *work)
{
    note_end(work, RESULT_CACHED);
    return deliver(self, work);
}

int delivery_ok(struct co_task *self, struct work *work)
{
    note_end(work, RESULT_OK);
    return deliver(self, work);
}

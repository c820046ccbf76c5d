#include "attempt.h"
#include "delivery.h"
#include "fetch.h"

#include <haul/base/clock.h>

#include <errno.h>

static void note_attempt(struct work *work, int64_t took)
{
    struct attempt *attempt = result_add_attempt(&work->result);

    attempt->url = work->asked->text;
    attempt->response_code = work->result.exchange.response_code;
    attempt->failure = work->result.failure;
    attempt->size_download = work->result.exchange.size_download;
    attempt->time_total = took;
    attempt->wait = work->wait;
    attempt->wait_reason = work->wait > 0 ? work->wait_reason : NULL;
    work->asking += took;
}

static void begin_flight(struct work *work)
{
    struct flights *flights = work->batch->places->flights;

    if (flights)
        flights_begin(flights, &work->flight, work->name ? work->name : work->result.url, work->began);
}

static void end_flight(struct work *work)
{
    if (work->batch->places->flights)
        flights_end(work->batch->places->flights, &work->flight);
}

int attempt_make(struct co_task *self, struct work *work)
{
    struct batch *batch = work->batch;
    int result;

    work->began = co_now();

    if (work->started == 0) {
        work->started = work->began;
        batch->begun++;
        work->result.started_at = clock_wall();
    }
    batch->kept -= work->kept != NULL;
    if (++batch->running > batch->most_at_once)
        batch->most_at_once = batch->running;
    work->result.failure = (struct failure){.class = FAILURE_NONE};
    result_begin_attempt(&work->result);
    begin_flight(work);
    if (batch->places->on_begin)
        batch->places->on_begin(batch->places->listener, work->job, work->result.attempt_count + 1, work->asked->text);
    result = fetch(self, batch->options, batch->places, work, &work->result.failure);
    batch->running--;
    end_flight(work);
    if (result == -ECANCELED)
        delivery_note_cancel(work);
    if (result != -EALREADY)
        note_attempt(work, co_now() - work->began);
    return result;
}

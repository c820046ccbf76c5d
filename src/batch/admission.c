#include "admission.h"
#include "delivery.h"
#include "done.h"
#include "mirrors.h"
#include "plan.h"
#include "question.h"
#include "verify.h"

#include <haul/http/url.h>

/* Where a new job goes: to its origin, or straight to its result when it cannot be asked for. */
static int admit(struct co_task *self, struct batch *batch, struct job *job)
{
    struct work *work = work_open(batch, job);
    const char *problem = job->problem;
    int result;

    batch->works++;
    work->place = order_place(&batch->order);
    if (batch->places->flights)
        flights_add(batch->places->flights, &work->flight, job, job->has_size ? job->size : -1);
    work->result.method = question_method(batch->options, job);
    if (problem || !http_url_parse(&work->result.arena, job->url, &work->url, &problem))
        return delivery_bad(self, work, problem);
    if (batch->options->content_name && question_content(batch->options, work) == batch->options->content)
        http_url_add_name(&work->result.arena, &work->url, batch->options->content_name);
    problem = verify_problem(work);
    if (!problem)
        problem = question_problem(batch->options, work);
    if (!problem)
        problem = mirrors_problem(batch->options, work);
    if (problem)
        return delivery_bad(self, work, problem);
    work->result.url = work->url.text;
    work->result.origin = work->url.origin;
    result = done_already(self, batch->options, batch->places, work);
    if (result != 0)
        return result > 0 ? delivery_skipped(self, work) : delivery_stopped(self, work);
    if (batch->options->dry_run)
        return plan_deliver(self, batch, work);
    origins_add(&batch->origins, work);
    co_event_set(&batch->changed);
    return 0;
}

size_t batch_room(const struct batch_options *options)
{
    return (options->ordered ? BATCH_READ_ORDERED : BATCH_READ_AHEAD) + options->jobs;
}

static int wait_for_room(struct co_task *self, struct batch *batch)
{
    while (batch->works >= batch_room(batch->options)) {
        int result;

        co_event_clear(&batch->has_room);
        result = co_event_wait(self, &batch->has_room);
        if (result < 0)
            return result;
    }
    return 0;
}

int admission_run(struct co_task *self, void *argument)
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
    if (batch->places->flights)
        batch->places->flights->all_read = true;
    co_event_set(&batch->changed);
    return result;
}

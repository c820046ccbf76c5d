#include "admission.h"
#include "delivery.h"
#include "done.h"
#include "mirrors.h"
#include "plan.h"
#include "question.h"
#include "verify.h"

#include <haul/http/url.h>

#include <string.h>

#define WORKS_FEW    64 /* that wait at their origins */
#define WORKS_ENOUGH 128

/* The problem is why it cannot be asked for; or NULL. */
static struct work *open_work(struct batch *batch, struct job *job, const char **ret_problem)
{
    struct work *work = work_open(batch, job);
    const struct batch_options *options = batch->options;

    work->place = order_place(&batch->order);
    flight_init(&work->flight, job);
    work->result.method = question_method(options, job);
    *ret_problem = job->problem;
    if (*ret_problem || !http_url_parse(&work->result.arena, job->url, &work->url, ret_problem))
        return work;
    if (options->content_name && question_content(options, work) == options->content)
        http_url_add_name(&work->result.arena, &work->url, options->content_name);
    work->result.url = work->url.text;
    work->result.origin = work->url.origin;
    *ret_problem = verify_problem(work);
    if (!*ret_problem)
        *ret_problem = question_problem(options, work);
    if (!*ret_problem)
        *ret_problem = mirrors_problem(options, work);
    return work;
}

/* Where a job goes: to its origin, or straight to its result when it cannot be asked for. */
static int admit(struct co_task *self, struct batch *batch, struct job *job)
{
    const char *problem;
    struct work *work = open_work(batch, job, &problem);
    int result;

    if (problem)
        return delivery_bad(self, work, problem);
    result = done_already(self, batch->options, batch->places, work);
    if (result != 0)
        return result > 0 ? delivery_skipped(self, work) : delivery_stopped(self, work);
    if (batch->options->dry_run)
        return plan_deliver(self, batch, work);
    origins_add(&batch->origins, work);
    co_event_set(&batch->changed);
    return 0;
}

static struct job *take_job(struct batch *batch)
{
    struct list *link = list_take_first(&batch->read);

    return link ? LIST_MEMBER(link, struct job, link) : NULL;
}

struct work *admission_take_any(struct batch *batch)
{
    struct job *job = take_job(batch);
    const char *problem;
    struct work *work;

    if (!job)
        return NULL;
    work = open_work(batch, job, &problem);
    if (problem)
        delivery_note_bad(work, problem);
    return work;
}

static bool has_enough(const struct batch *batch)
{
    return batch->origins.waiting >= WORKS_ENOUGH && !batch->has_choice;
}

void admission_look(struct batch *batch)
{
    if (batch->origins.waiting < WORKS_FEW)
        co_event_set(&batch->wanted);
}

static int admit_enough(struct co_task *self, struct batch *batch)
{
    struct job *job;
    int result = co_check(self);

    while (result == 0 && !has_enough(batch) && (job = take_job(batch))) {
        result = admit(self, batch, job);
        if (result == 0)
            result = co_check(self);
    }
    return result;
}

int admission_run(struct co_task *self, void *argument)
{
    struct batch *batch = argument;

    for (;;) {
        int result = admit_enough(self, batch);

        if (result < 0 || (batch->input_ended && list_is_empty(&batch->read)))
            return result;
        co_event_clear(&batch->wanted);
        co_event_wait(self, &batch->wanted); /* a cancel is found by the next look */
    }
}

size_t batch_room(const struct batch_options *options)
{
    return (options->ordered ? BATCH_READ_ORDERED : BATCH_READ_AHEAD) + options->jobs;
}

static int wait_for_room(struct co_task *self, struct batch *batch)
{
    while (batch->jobs >= batch_room(batch->options)) {
        int result;

        co_event_clear(&batch->has_room);
        result = co_event_wait(self, &batch->has_room);
        if (result < 0)
            return result;
    }
    return 0;
}

/* As it is spelled, up to the path. */
static struct slice origin_of(const char *url)
{
    size_t length = strcspn(url, "/?#");

    if (length > 0 && url[length - 1] == ':') {
        length += strspn(url + length, "/");
        length += strcspn(url + length, "/?#");
    }
    return (struct slice){url, length};
}

/* Which of those that were read may be the next to start?  The first, as long as all have one priority and one origin,
 * which mirrors lead away from.  And what is no job is told of at once. */
static void note_choice(struct batch *batch, const struct job *job)
{
    struct slice origin;

    if (batch->has_choice)
        return;
    origin = origin_of(job->url);
    if (batch->first_origin.length == 0)
        text_append(&batch->first_origin, origin);
    batch->has_choice =
        job->problem || job->priority != 0 || job->mirrors || !slice_equal(origin, text_slice(&batch->first_origin));
}

static void take_in(struct batch *batch, struct job *job)
{
    batch->jobs++;
    note_choice(batch, job);
    if (batch->places->flights)
        flights_read(batch->places->flights, job);
    list_append(&batch->read, &job->link);
    if (!has_enough(batch))
        co_event_set(&batch->wanted);
}

int admission_read(struct co_task *self, void *argument)
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
        take_in(batch, job);
    }
    batch->input_ended = true;
    if (batch->places->flights)
        batch->places->flights->all_read = true;
    co_event_set(&batch->wanted);
    co_event_set(&batch->changed);
    return result;
}

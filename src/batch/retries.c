#include "retries.h"
#include "delivery.h"
#include "fetch.h"
#include "mirrors.h"
#include "pause.h"

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
        batch->places->on_retry(batch->places->listener, work->job, work->result.url, wait, &work->result.failure);
}

static bool has_budget(const struct batch *batch)
{
    unsigned percent = batch->options->retry_budget;

    return batch->options->retry.until > 0 || percent == 0 || batch->retries < BATCH_RETRIES_FREE ||
           100 * batch->retries < percent * batch->begun;
}

static const char *reason_of(const struct batch *batch, const struct retry_situation *situation)
{
    if (batch->options->retry.until > 0)
        return "until";
    return situation->server_delay > 0 ? "retry-after" : "backoff";
}

static int ask_again_or_deliver(struct co_task *self, struct work *work)
{
    const struct result *result = &work->result;
    const struct retry_policy *policy = &work->batch->options->retry;
    struct retry_situation situation = {
        .attempts = work->places.rounds + 1,
        .method = result->method,
        .elsewhere = retry_is_of_place(&result->failure) && places_are_left(&work->places),
        .elapsed = co_now() - work->started,
        .server_delay = pause_wanted(&result->exchange),
        .random = next_random(work->batch),
    };
    int64_t wait;

    if (!retry_decide(policy, &result->failure, &situation, &wait) || !has_budget(work->batch))
        return delivery_failed(self, work);
    work->batch->retries++;
    mirrors_begin_round(self, work, policy->until > 0);
    sleep_until_retry(self, work, wait, reason_of(work->batch, &situation));
    return 0;
}

int retries_decide(struct co_task *self, struct work *work)
{
    const struct failure *failure = &work->result.failure;

    places_note_failure(&work->places, retry_may_pass(&work->batch->options->retry, failure));
    if (retry_is_of_place(failure) && mirrors_go_on(self, work))
        return 0;
    return ask_again_or_deliver(self, work);
}

int retries_pass_over(struct co_task *self, struct work *work)
{
    places_note_failure(&work->places, false);
    if (mirrors_go_on(self, work))
        return 0;
    if (work->started > 0 && places_are_left(&work->places))
        return ask_again_or_deliver(self, work);
    return delivery_barred(self, work);
}

struct work *retries_take_any(struct co_task *self, struct batch *batch)
{
    struct list *link = list_take_first(&batch->sleeping);
    struct work *work;

    if (!link)
        return NULL;
    work = LIST_MEMBER(link, struct work, link);
    co_timer_stop(co_task_runtime(self), &work->retry_timer);
    return work;
}

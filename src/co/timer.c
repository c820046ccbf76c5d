/* A pairing heap of timers, linked through themselves: starting one costs a comparison, and nothing is allocated. */
#include "debug.h"

int64_t co_now(void)
{
    return (int64_t)uv_hrtime();
}

int64_t co_after(int64_t nanoseconds)
{
    int64_t now = co_now();

    return nanoseconds > CO_FOREVER - now ? CO_FOREVER : now + nanoseconds;
}

/* Equal moments expire in the order in which they were started. */
static bool comes_before(const struct co_timer *a, const struct co_timer *b)
{
    return a->moment < b->moment || (a->moment == b->moment && a->sequence < b->sequence);
}

/* Two heaps become one.  A first child's `previous` is its parent. */
static struct co_timer *meld(struct co_timer *a, struct co_timer *b)
{
    struct co_timer *later;

    if (!a || !b)
        return a ? a : b;
    if (comes_before(b, a)) {
        later = a;
        a = b;
    } else {
        later = b;
    }
    later->next = a->child;
    later->previous = a;
    if (later->next)
        later->next->previous = later;
    a->child = later;
    return a;
}

/* Siblings are melded in pairs from the left, then all from the right: this is what keeps taking the first cheap. */
static struct co_timer *meld_siblings(struct co_timer *first)
{
    struct co_timer *pairs = NULL, *heap = NULL;

    while (first) {
        struct co_timer *second = first->next, *rest = second ? second->next : NULL, *pair;

        first->next = NULL;
        if (second)
            second->next = NULL;
        pair = meld(first, second);
        pair->next = pairs;
        pairs = pair;
        first = rest;
    }
    while (pairs) {
        struct co_timer *rest = pairs->next;

        pairs->next = NULL;
        heap = meld(heap, pairs);
        pairs = rest;
    }
    if (heap)
        heap->previous = NULL;
    return heap;
}

static void unlink_timer(struct co_timer *timer)
{
    if (timer->previous->child == timer)
        timer->previous->child = timer->next;
    else
        timer->previous->next = timer->next;
    if (timer->next)
        timer->next->previous = timer->previous;
}

void co_timer_stop(struct co_runtime *runtime, struct co_timer *timer)
{
    struct co_timer *children;

    if (!timer->armed)
        return;
    children = meld_siblings(timer->child);
    if (timer == runtime->timers) {
        runtime->timers = children;
    } else {
        unlink_timer(timer);
        runtime->timers = meld(runtime->timers, children);
    }
    timer->child = timer->next = timer->previous = NULL;
    timer->armed = false;
}

void co_timer_start(struct co_runtime *runtime, struct co_timer *timer, int64_t moment)
{
    co_timer_stop(runtime, timer);
    timer->moment = moment;
    timer->sequence = runtime->timer_sequence++;
    timer->armed = true;
    runtime->timers = meld(runtime->timers, timer);
}

int64_t timers_next(const struct co_runtime *runtime)
{
    return runtime->timers ? runtime->timers->moment : CO_FOREVER;
}

/* Those that are started meanwhile wait for the next call, or one that starts itself again for now would never end. */
void timers_expire(struct co_runtime *runtime)
{
    uint64_t limit = runtime->timer_sequence;
    int64_t now;

    if (!runtime->timers)
        return;
    now = co_now();
    while (runtime->timers && runtime->timers->moment <= now && runtime->timers->sequence < limit) {
        struct co_timer *timer = runtime->timers;

        co_timer_stop(runtime, timer);
        timer->on_expire(timer);
    }
}

struct sleeper {
    struct co_timer timer;
    struct co_waiter waiter;
};

static void on_slept(struct co_timer *timer)
{
    co_wake(&LIST_MEMBER(timer, struct sleeper, timer)->waiter, 0);
}

static enum co_abort on_sleep_cancelled(struct co_waiter *waiter)
{
    struct sleeper *sleeper = LIST_MEMBER(waiter, struct sleeper, waiter);

    co_timer_stop(waiter->task->runtime, &sleeper->timer);
    return CO_ABORT_NOW;
}

int co_sleep_until(struct co_task *self, int64_t moment)
{
    struct sleeper sleeper = {.timer.on_expire = on_slept};

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (UNLIKELY(self->runtime->debug))
        debug_check_moment(self, moment);
    co_waiter_init(&sleeper.waiter, self, "time to pass", on_sleep_cancelled);
    co_timer_start(self->runtime, &sleeper.timer, moment);
    return co_park(self, &sleeper.waiter);
}

int co_sleep(struct co_task *self, int64_t nanoseconds)
{
    return nanoseconds <= 0 ? co_yield_now(self) : co_sleep_until(self, co_after(nanoseconds));
}

#include "scheduler.h"

#include <haul/co/future.h>

void co_future_init(struct co_future *future)
{
    *future = (struct co_future){.value = NULL};
    list_init(&future->waiters);
    list_init(&future->callbacks);
}

static void on_call(struct co_callback *soon)
{
    struct co_future_callback *callback = LIST_MEMBER(soon, struct co_future_callback, soon);

    callback->on_done(callback);
}

static void call_soon(const struct co_future *future, struct co_future_callback *callback)
{
    callback->result = future->result;
    callback->value = future->value;
    co_call_soon(callback->runtime, &callback->soon);
}

/* The future's memory may go as soon as one of its waiters runs, but none runs before this returns. */
static bool settle(struct co_future *future, void *value, int result)
{
    struct list *link;

    if (future->settled)
        return false;
    future->settled = true;
    future->value = value;
    future->result = result;
    while (!list_is_empty(&future->waiters))
        co_wake(LIST_MEMBER(future->waiters.next, struct co_waiter, link), 0);
    while ((link = list_take_first(&future->callbacks)))
        call_soon(future, LIST_MEMBER(link, struct co_future_callback, soon.link));
    return true;
}

bool co_future_resolve(struct co_future *future, void *value)
{
    return settle(future, value, 0);
}

bool co_future_fail(struct co_future *future, int result)
{
    assert(result < 0);
    return settle(future, NULL, result);
}

bool co_future_is_settled(const struct co_future *future)
{
    return future->settled;
}

int co_future_wait(struct co_task *self, struct co_future *future, void **ret_value)
{
    struct co_waiter waiter;
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (future->settled) {
        co_completed_at_once(self);
    } else {
        co_waiter_init(&waiter, self, "a future", co_abort_now);
        list_append(&future->waiters, &waiter.link);
        result = co_park(self, &waiter);
        if (result < 0)
            return result;
    }
    if (future->result == 0 && ret_value)
        *ret_value = future->value;
    return future->result;
}

void co_future_on_done(struct co_runtime *runtime, struct co_future *future, struct co_future_callback *callback)
{
    callback->soon = (struct co_callback){.function = on_call};
    callback->runtime = runtime;
    if (future->settled)
        call_soon(future, callback);
    else
        list_append(&future->callbacks, &callback->soon.link);
}

void co_future_forget(struct co_future_callback *callback)
{
    co_callback_forget(&callback->soon);
}

#include "scheduler.h"

#include <haul/co/future.h>

void co_future_init(struct co_future *future)
{
    *future = (struct co_future){.value = NULL};
    list_init(&future->waiters);
}

/* The future's memory may go as soon as one of its waiters runs, but none runs before this returns. */
static bool settle(struct co_future *future, void *value, int result)
{
    if (future->settled)
        return false;
    future->settled = true;
    future->value = value;
    future->result = result;
    while (!list_is_empty(&future->waiters))
        co_wake(LIST_MEMBER(future->waiters.next, struct co_waiter, link), 0);
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

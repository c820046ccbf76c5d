/* A notified waiter goes over to the lock's list without running: it wakes once, when the lock is its own. */
#include "lock.h"

#include <haul/co/condition.h>

#include <stdint.h>

struct condition_waiter {
    struct co_waiter waiter;
    struct co_lock *lock;
    bool notified, cancelled; /* whichever came first */
};

void co_condition_init(struct co_condition *condition)
{
    list_init(&condition->waiters);
}

static enum co_abort on_cancel(struct co_waiter *waiter)
{
    struct condition_waiter *own = LIST_MEMBER(waiter, struct condition_waiter, waiter);

    if (own->notified)
        return CO_ABORT_LATER;
    own->cancelled = true;
    list_remove(&waiter->link);
    return lock_take_for(own->lock, waiter) ? CO_ABORT_NOW : CO_ABORT_LATER;
}

int co_condition_wait(struct co_task *self, struct co_condition *condition, struct co_lock *lock)
{
    struct condition_waiter own = {.lock = lock};

    assert(lock->owner == self);
    if (task_is_cancelled(self))
        return -ECANCELED;
    co_waiter_init(&own.waiter, self, "a condition", on_cancel);
    list_append(&condition->waiters, &own.waiter.link);
    co_lock_release(self, lock);
    co_park(self, &own.waiter);
    return own.cancelled ? -ECANCELED : 0;
}

void co_condition_notify(struct co_condition *condition, size_t count)
{
    struct list *link;

    while (count-- > 0 && (link = list_take_first(&condition->waiters))) {
        struct condition_waiter *own = LIST_MEMBER(link, struct condition_waiter, waiter.link);

        own->notified = true;
        if (lock_take_for(own->lock, &own->waiter))
            co_wake(&own->waiter, 0);
    }
}

void co_condition_notify_all(struct co_condition *condition)
{
    co_condition_notify(condition, SIZE_MAX);
}

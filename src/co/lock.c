#include "lock.h"
#include "debug.h"

void co_lock_init(struct co_lock *lock)
{
    list_init(&lock->waiters);
    lock->owner = NULL;
}

bool co_lock_try(struct co_task *self, struct co_lock *lock)
{
    if (lock->owner)
        return false;
    lock->owner = self;
    return true;
}

int co_lock_acquire(struct co_task *self, struct co_lock *lock)
{
    struct co_waiter waiter;

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (lock->owner == self)
        return -EDEADLK;
    if (co_lock_try(self, lock)) {
        co_completed_at_once(self);
        return 0;
    }
    co_waiter_init(&waiter, self, "a lock", co_abort_now);
    list_append(&lock->waiters, &waiter.link);
    return co_park(self, &waiter);
}

bool lock_take_for(struct co_lock *lock, struct co_waiter *waiter)
{
    if (co_lock_try(waiter->task, lock))
        return true;
    list_append(&lock->waiters, &waiter->link);
    return false;
}

void co_lock_release(struct co_task *self, struct co_lock *lock)
{
    struct co_waiter *next;

    if (lock->owner != self)
        misuse(self, "released a lock that it does not own");
    lock->owner = NULL;
    if (list_is_empty(&lock->waiters))
        return;
    next = LIST_MEMBER(lock->waiters.next, struct co_waiter, link);
    lock->owner = next->task;
    co_wake(next, 0);
}

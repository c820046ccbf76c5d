#include "scheduler.h"

#include <haul/co/semaphore.h>

void co_semaphore_init(struct co_semaphore *semaphore, unsigned permits)
{
    list_init(&semaphore->waiters);
    semaphore->free = permits;
}

bool co_semaphore_try(struct co_semaphore *semaphore)
{
    if (semaphore->free <= 0)
        return false;
    semaphore->free--;
    return true;
}

int co_semaphore_acquire(struct co_task *self, struct co_semaphore *semaphore)
{
    struct co_waiter waiter;

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (co_semaphore_try(semaphore)) {
        co_completed_at_once(self);
        return 0;
    }
    co_waiter_init(&waiter, self, "a semaphore", co_abort_now);
    list_append(&semaphore->waiters, &waiter.link);
    return co_park(self, &waiter);
}

/* Free permits and waiters are never there together. */
static void hand_over(struct co_semaphore *semaphore)
{
    while (semaphore->free > 0 && !list_is_empty(&semaphore->waiters)) {
        semaphore->free--;
        co_wake(LIST_MEMBER(semaphore->waiters.next, struct co_waiter, link), 0);
    }
}

void co_semaphore_release(struct co_semaphore *semaphore)
{
    semaphore->free++;
    hand_over(semaphore);
}

void co_semaphore_resize(struct co_semaphore *semaphore, long more)
{
    semaphore->free += more;
    hand_over(semaphore);
}

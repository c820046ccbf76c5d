#include "scheduler.h"

#include <haul/co/event.h>

void co_event_init(struct co_event *event)
{
    list_init(&event->waiters);
    event->happened = false;
}

int co_event_wait(struct co_task *self, struct co_event *event)
{
    struct co_waiter waiter;

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (event->happened) {
        co_completed_at_once(self);
        return 0;
    }
    co_waiter_init(&waiter, self, "an event", co_abort_now);
    list_append(&event->waiters, &waiter.link);
    return co_park(self, &waiter);
}

void co_event_set(struct co_event *event)
{
    event->happened = true;
    while (!list_is_empty(&event->waiters))
        co_wake(LIST_MEMBER(event->waiters.next, struct co_waiter, link), 0);
}

void co_event_clear(struct co_event *event)
{
    event->happened = false;
}

bool co_event_is_set(const struct co_event *event)
{
    return event->happened;
}

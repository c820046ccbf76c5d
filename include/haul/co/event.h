/* event.h - a flag that tasks can wait for. */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_event {
    /* private: */
    struct list waiters;
    bool happened;
};

void co_event_init(struct co_event *event); /* not set; nothing to release */

/* Waits until it is set; returns at once when it is already.  Who has been woken stays so if it is cleared again.
 *
 * Fails when cancelled. */
int co_event_wait(struct co_task *self, struct co_event *event);

void co_event_set(struct co_event *event);          /* wakes all who wait; it stays set */
void co_event_clear(struct co_event *event);        /* the next to come will wait again */
bool co_event_is_set(const struct co_event *event); /* never waits */

CO_EXPORT_END

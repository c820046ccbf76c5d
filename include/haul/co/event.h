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

void co_event_init(struct co_event *event);
int co_event_wait(struct co_task *self, struct co_event *event); /* at once when it is set */
void co_event_set(struct co_event *event);                       /* wakes all who wait */
void co_event_clear(struct co_event *event);
bool co_event_is_set(const struct co_event *event);

CO_EXPORT_END

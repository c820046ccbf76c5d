/* future.h - a result that will be known once; any number of tasks may wait for it.  The memory is the caller's. */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_future {
    /* private: */
    struct list waiters;
    void *value;
    int result;
    bool settled;
};

void co_future_init(struct co_future *future);
bool co_future_resolve(struct co_future *future, void *value); /* false when it was settled before */
bool co_future_fail(struct co_future *future, int result);     /* result < 0; false when it was settled before */
bool co_future_is_settled(const struct co_future *future);

/* 0 and the value, or what it failed with. */
int co_future_wait(struct co_task *self, struct co_future *future, void **ret_value);

CO_EXPORT_END

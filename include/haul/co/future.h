/* future.h - a result that will be known once; any number of tasks may wait for it.
 *
 * The memory is the caller's.  It must stay until those who wait have run, or have been cancelled.
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/callback.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_future {
    /* private: */
    struct list waiters, callbacks;
    void *value;
    int result;
    bool settled;
};

void co_future_init(struct co_future *future);                 /* not settled; nothing to release */
bool co_future_resolve(struct co_future *future, void *value); /* false when it was settled before */
bool co_future_fail(struct co_future *future, int result);     /* result < 0; false when it was settled before */
bool co_future_is_settled(const struct co_future *future);     /* resolved or failed; never waits */

/* Waits until it is settled; returns at once when it is already.  `ret_value` may be NULL.
 *
 * Gives 0 and the value.
 *
 * Fails as the future did. */
int co_future_wait(struct co_task *self, struct co_future *future, void **ret_value);

/* A function to call when a future has been settled.  The memory is the caller's and must stay until then; the future
 * itself may be gone when the function is called, so the callback carries what it came to. */
struct co_future_callback {
    void (*on_done)(struct co_future_callback *callback);
    int result; /* 0, or what the future failed with */
    void *value;
    /* private: */
    struct co_callback soon;
    struct co_runtime *runtime;
};

/* Calls callback->on_done once, soon (callback.h) after the future was settled, or soon when it is settled already.
 * Any number of callbacks, in the order in which they were given. */
void co_future_on_done(struct co_runtime *runtime, struct co_future *future, struct co_future_callback *callback);

/* It will not be called, and its memory is free again; nothing when it has been called or never was given to a future,
 * provided that it started as all zero. */
void co_future_forget(struct co_future_callback *callback);

CO_EXPORT_END

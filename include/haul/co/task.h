/* task.h - a task: a C function with a stack of its own that can wait without blocking the thread.
 *
 * A function that can suspend takes `struct co_task *self` first, and no other function does: it is `async def` in C.
 * Calling such a function is awaiting it.  `self` is the running task; waiting as another aborts, and says so.
 *
 * Results are int: 0 or more is success, less is a negative errno (libuv's errors on Unix are the same numbers).
 * Every call that can suspend is a point of cancellation: when the caller's scope is cancelled (scope.h) it fails with
 * -ECANCELED before doing anything, each time, until that scope has ended.  Exceptions say so.
 */
#pragma once

#include <haul/co/export.h>

#include <stdbool.h>
#include <stdint.h>

CO_EXPORT_BEGIN

struct co_runtime;
struct co_task;

typedef int co_function(struct co_task *self, void *argument);

enum co_task_state {
    CO_PENDING,   /* spawned, ready or parked */
    CO_RUNNING,   /* the one that runs now */
    CO_CANCELLED, /* ended with -ECANCELED */
    CO_FINISHED,  /* ended otherwise */
};

/* To the back of the ready tasks.  asyncio's sleep(0). */
int co_yield_now(struct co_task *self);

/* A bare point of cancellation: 0 or -ECANCELED, never suspends. */
int co_check(struct co_task *self);

/* Waits until a task spawned with a handle (group.h) has ended, gives its result and ends the handle.  When the
 * waiting itself is cancelled the handle stays good.  At most one task may join another. */
int co_join(struct co_task *self, struct co_task *other);

/* Cancels everything the task does from now on.  False when it has already ended.  Does not wait. */
bool co_cancel(struct co_task *task);

enum co_task_state co_task_state(const struct co_task *task);
const char *co_task_name(const struct co_task *task); /* lives as long as the task */
struct co_runtime *co_task_runtime(const struct co_task *task);

CO_EXPORT_END

/* task.h - a task: a C function with a stack of its own that can wait without blocking the thread.
 *
 * A function that can suspend takes `struct co_task *self` first, and no other function does: it is `async def` in C.
 * Calling such a function is awaiting it.  `self` is the running task; waiting as another aborts, and says so.
 *
 * Results are int: 0 or more is success, less is a failure.  Most calls have only one success, 0; those that count give
 * the count, and those that may come to an end give 1, and 0 at the end.  A failure is a negative errno (libuv's errors
 * on Unix are the same numbers) or, where a name is looked up, one of libuv's UV_EAI_*, which lie beyond them: so
 * co_error_text and not strerror(3) has words for both.  What an argument `ret_...` points to is written only on
 * success.
 *
 * Every call that can suspend is a point of cancellation: when the caller's scope is cancelled (scope.h) it fails with
 * -ECANCELED before doing anything, each time, until that scope has ended.  A call to which a cancel means something
 * else, or nothing, says so.  A cancel takes nothing back: when a call has failed, nothing was taken or opened; when it
 * has not, what it gave is the caller's, even if a cancel came in the same turn.
 *
 * A task costs address space for its stack (stack_size in runtime.h) and, as memory, the pages of it that were touched:
 * one of 4 KiB for a task that waits a call or two deep, often a second when it has printed something, and 256 bytes of
 * page tables.  A stack that is free again is used for the next task, with the pages it has.
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

/* To the back of the ready tasks.  asyncio's sleep(0).
 *
 * Fails when cancelled. */
int co_yield_now(struct co_task *self);

/* A bare point of cancellation: never suspends.
 *
 * Fails when cancelled. */
int co_check(struct co_task *self);

/* Waits until a task spawned with a handle (group.h) has ended, and ends the handle.  When the waiting itself is
 * cancelled the handle stays good, for its group to end.  At most one task may join another.
 *
 * Gives the result of that task.
 *
 * Fails as that task did, -ECANCELED if it was cancelled; -ECANCELED: the caller was, which co_check tells. */
int co_join(struct co_task *self, struct co_task *other);

/* Cancels everything the task does from now on.  False when it has already ended.  Does not wait. */
bool co_cancel(struct co_task *task);

/* Of a task that has ended, as long as there is a handle. */
enum co_task_state co_task_state(const struct co_task *task);

const char *co_task_name(const struct co_task *task);           /* "" for none; lives as long as the task */
struct co_runtime *co_task_runtime(const struct co_task *task); /* where it runs */

CO_EXPORT_END

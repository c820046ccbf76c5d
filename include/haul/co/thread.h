/* thread.h - blocking work, off the loop: libuv's pool of threads (UV_THREADPOOL_SIZE, read at its first use). */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_token;

/* Has the awaiting task been cancelled?  For long work to ask now and then, from its thread.  No when token is NULL. */
bool co_token_cancelled(const struct co_token *token);

typedef int co_work(void *argument, const struct co_token *token);

/* Runs work on a thread.  When the task is cancelled: work that has not begun never does, and the call fails with
 * -ECANCELED; work that has begun is told through its token and waited for, because it may write into memory of the
 * caller; its result is then given as if nothing had happened.
 *
 * Gives what the work gave.
 *
 * Fails as the work did. */
int co_to_thread(struct co_task *self, co_work *work, void *argument);

/* The same, but it also works in a task that is cancelled, and a cancel neither ends it early nor is told through the
 * token: for putting things away.
 *
 * Gives what the work gave.
 *
 * Fails as the work did, never because of a cancel. */
int co_to_thread_shielded(struct co_task *self, co_work *work, void *argument);

/* The same, but a cancel does not wait: work that has begun is told through its token and left to end by itself, which
 * co_run awaits before it returns.  So the argument must not lie on the caller's stack, and changes hands: -ECANCELED
 * always means that drop(argument) is called once, on the loop's thread, now or when the work has ended (also for a
 * task that was cancelled before, and when the work itself gave -ECANCELED).  After any other result the argument is
 * still the caller's.  `drop` may be NULL; it runs outside of tasks and cannot wait.
 *
 * Gives what the work gave.
 *
 * Fails as the work did; -ENOMEM. */
int co_to_thread_abandon(struct co_task *self, co_work *work, void *argument, void (*drop)(void *argument));

CO_EXPORT_END

/* condition.h - waiting, inside a lock, until somebody has changed what the lock protects.
 *
 *     co_lock_acquire(self, &store->lock);
 *     while (store->count == 0 && result == 0)
 *         result = co_condition_wait(self, &store->filled, &store->lock);
 *     ...
 *     co_lock_release(self, &store->lock);
 *
 * First come, first served.  A woken task has the lock again when it runs, but others may have had it in between: look
 * again, in a loop.
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/lock.h>
#include <haul/co/task.h>

#include <stddef.h>

CO_EXPORT_BEGIN

struct co_condition {
    /* private: */
    struct list waiters;
};

void co_condition_init(struct co_condition *condition); /* nothing to release */

/* Leaves the lock, which the task must own, waits to be notified and takes the lock again.  Always returns holding it:
 * a cancel ends the waiting but not the taking.  A notification that came before the cancel gives 0.
 *
 * Fails when cancelled. */
int co_condition_wait(struct co_task *self, struct co_condition *condition, struct co_lock *lock);

/* Wakes as many of those who wait.  Notifying wants no lock and does not wait; with nobody waiting it is lost. */
void co_condition_notify(struct co_condition *condition, size_t count);
void co_condition_notify_all(struct co_condition *condition);

CO_EXPORT_END

/* lock.h - one task at a time; first come, first served.
 *
 * Only the owner may release it: another's release is a defect and aborts.
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_lock {
    /* private: */
    struct list waiters;
    struct co_task *owner;
};

void co_lock_init(struct co_lock *lock); /* free; nothing to release */

/* Waits until the lock is the task's.
 *
 * Fails with -EDEADLK: it is the task's already. */
int co_lock_acquire(struct co_task *self, struct co_lock *lock);

bool co_lock_try(struct co_task *self, struct co_lock *lock);     /* true: it is the task's now; never waits */
void co_lock_release(struct co_task *self, struct co_lock *lock); /* never waits */

CO_EXPORT_END

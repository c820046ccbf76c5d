/* lock.h - one task at a time; first come, first served.
 *
 * Only the owner may release it: another's release is a defect and aborts.  Acquiring it twice is -EDEADLK.
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

void co_lock_init(struct co_lock *lock);
int co_lock_acquire(struct co_task *self, struct co_lock *lock);
bool co_lock_try(struct co_task *self, struct co_lock *lock);     /* never waits */
void co_lock_release(struct co_task *self, struct co_lock *lock); /* never waits */

CO_EXPORT_END

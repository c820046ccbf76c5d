/* semaphore.h - so many at a time.
 *
 * First come, first served: a permit that is given back goes straight to the first who waits, and nobody overtakes.
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct co_semaphore {
    /* private: */
    struct list waiters;
    long free; /* below 0 after shrinking: so many must come back before one is given out */
};

void co_semaphore_init(struct co_semaphore *semaphore, unsigned permits); /* nothing to release */

/* Waits for a permit.
 *
 * Fails when cancelled. */
int co_semaphore_acquire(struct co_task *self, struct co_semaphore *semaphore);

bool co_semaphore_try(struct co_semaphore *semaphore);               /* takes a permit if one is free; never waits */
void co_semaphore_release(struct co_semaphore *semaphore);           /* gives a permit back, from any task */
void co_semaphore_resize(struct co_semaphore *semaphore, long more); /* adds permits, or takes them away when below 0 */

CO_EXPORT_END

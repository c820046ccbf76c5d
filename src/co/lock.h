/* lock.h - for conditions. */
#pragma once

#include "scheduler.h"

#include <haul/co/lock.h>

/* Gives the lock to a waiter that is in no list: true when it was free, otherwise when its turn comes, by a wake with
 * result 0. */
bool lock_take_for(struct co_lock *lock, struct co_waiter *waiter);

/* write_all.h - bytes to a descriptor, blocking: for threads. */
#pragma once

#include <haul/base/slice.h>

#include <stdatomic.h>
#include <stdbool.h>

#define WRITE_GRACE_SECONDS 5

/* May writing to it wait for somebody who reads?  Not to a file. */
bool write_may_wait(int descriptor);

/* All of them, though write(2) may take only some; a non-blocking descriptor is waited for.  0 or less.
 *
 * `hurry` is NULL where writing cannot wait.  Once it is set, a reader that takes nothing for WRITE_GRACE_SECONDS is
 * given up: -ETIMEDOUT, some bytes gone. */
int write_all(int descriptor, struct slice bytes, const atomic_bool *hurry);

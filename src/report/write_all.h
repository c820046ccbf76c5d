/* write_all.h - bytes to a descriptor, blocking: for threads. */
#pragma once

#include <haul/base/slice.h>

/* All of them, though write(2) may take only some; a non-blocking descriptor is waited for.  0 or less. */
int write_all(int descriptor, struct slice bytes);

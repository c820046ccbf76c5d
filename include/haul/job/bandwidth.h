/* bandwidth.h - so many bytes in a second, whenever the second begins.
 *
 * Decides; does not wait.  Bytes are let through as they come while none are owed; then the time that they take at the
 * rate has to pass.  A moment that is met late is made up for, as far as BANDWIDTH_CATCH_UP: a machine that has other
 * things to do leaves a process alone for some tens of milliseconds.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BANDWIDTH_CATCH_UP INT64_C(50000000) /* nanoseconds */

/* Starts as all zero. */
struct bandwidth {
    int64_t free_from; /* the moment when nothing is owed any more */
};

bool bandwidth_is_free(const struct bandwidth *bandwidth, int64_t now);
void bandwidth_note(struct bandwidth *bandwidth, int64_t bytes_a_second, int64_t bytes, int64_t now);

/* How many bytes to let through at once, so that it is even within a twentieth of two seconds. */
int64_t bandwidth_portion(int64_t bytes_a_second);

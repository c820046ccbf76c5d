/* nearest.h - which known name may have been meant. */
#pragma once

#include <haul/base/slice.h>

#define NEAREST_LENGTH_MAXIMUM 64

/* How many letters must be inserted, left out, replaced or swapped with their neighbour to make one of the other.
 * Both are at most NEAREST_LENGTH_MAXIMUM long. */
size_t nearest_distance(struct slice one, struct slice other);

/* The most that still counts as a slip of the fingers. */
size_t nearest_distance_maximum(struct slice written);

/* The nearest of the words, which NULL ends, if it may have been meant; else NULL. */
const char *nearest_word(struct slice written, const char *const *words);

#include "nearest.h"

#include <assert.h>
#include <string.h>

static size_t minimum(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The optimal string alignment distance, by rows: `two` and `one` rows above the one that is filled. */
size_t nearest_distance(struct slice one, struct slice other)
{
    size_t rows[3][NEAREST_LENGTH_MAXIMUM + 1];
    size_t *row = rows[0], *row_above = rows[1], *row_above_that = rows[2];

    assert(one.length <= NEAREST_LENGTH_MAXIMUM && other.length <= NEAREST_LENGTH_MAXIMUM);
    for (size_t j = 0; j <= other.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= one.length; i++) {
        size_t *recycled = row_above_that;

        row_above_that = row_above;
        row_above = row;
        row = recycled;
        row[0] = i;
        for (size_t j = 1; j <= other.length; j++) {
            char a = one.bytes[i - 1], b = other.bytes[j - 1];

            row[j] = minimum(minimum(row_above[j], row[j - 1]) + 1, row_above[j - 1] + (a != b));
            if (i > 1 && j > 1 && a == other.bytes[j - 2] && b == one.bytes[i - 2])
                row[j] = minimum(row[j], row_above_that[j - 2] + 1);
        }
    }
    return row[other.length];
}

size_t nearest_distance_maximum(struct slice written)
{
    return 1 + written.length / 4;
}

const char *nearest_word(struct slice written, const char *const *words)
{
    const char *nearest = NULL;
    size_t least = nearest_distance_maximum(written) + 1;

    if (written.length > NEAREST_LENGTH_MAXIMUM)
        return NULL;
    for (const char *const *word = words; *word; word++) {
        size_t distance = nearest_distance(slice_of(*word), written);

        if (distance < least) {
            least = distance;
            nearest = *word;
        }
    }
    return nearest;
}

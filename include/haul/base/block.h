/* block.h - sixteen bytes looked at together: compilers make a few instructions of what is said of all of them.
 *
 *     block bytes = block_of(rest);
 *
 *     if (block_is_any((block)((bytes < ' ') | (bytes == 0x7f))))
 *         one of them is a control character
 */
#pragma once

#include <haul/base/slice.h>

#include <stdint.h>

typedef unsigned char block __attribute__((vector_size(16)));

/* The first bytes; blanks stand for what is not there. */
static inline block block_of(struct slice slice)
{
    block bytes;

    if (slice.length >= sizeof bytes) {
        memcpy(&bytes, slice.bytes, sizeof bytes);
    } else {
        memset(&bytes, ' ', sizeof bytes);
        if (slice.length > 0)
            memcpy(&bytes, slice.bytes, slice.length);
    }
    return bytes;
}

static inline bool block_is_any(block told)
{
    uint64_t halves[2];

    memcpy(halves, &told, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/* fuzz.h - what each target is made of: one function that takes any bytes, and says what must hold for all of them.
 *
 * libFuzzer calls it with bytes that it makes up; replay.c, where there is no libFuzzer, with those of the corpus.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/slice.h>
#include <haul/job/job.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define MUST(holds)                                                                                                    \
    do {                                                                                                               \
        if (!(holds)) {                                                                                                \
            fprintf(stderr, "%s:%d: this does not hold: %s\n", __FILE__, __LINE__, #holds);                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

static inline struct slice fuzz_slice(const uint8_t *bytes, size_t size)
{
    return (struct slice){(const char *)bytes, size};
}

/* Up to the next newline, in memory of its own so that a byte too far is noticed; a NUL stands behind it. */
static inline struct slice fuzz_next_line(struct arena *arena, struct slice *rest)
{
    struct slice line;

    slice_cut(*rest, '\n', &line, rest);
    return (struct slice){arena_copy(arena, line), line.length};
}

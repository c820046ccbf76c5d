/* arena.h - strings that die together.
 *
 * Starts as all zero.  Everything taken from an arena lives until arena_release.  Small arenas cost one allocation.
 * Running out of memory ends the process (memory.h).
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/base/slice.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    char *next;
    size_t left;
};

void arena_release(struct arena *arena); /* frees everything; the arena is empty again */
CLEANUP_VALUE(arena_release, struct arena)

void *arena_allocate(struct arena *arena, size_t size);           /* zeroed, aligned for any type */
char *arena_copy(struct arena *arena, struct slice slice);        /* with a NUL behind it */
char *arena_copy_string(struct arena *arena, const char *string); /* NULL gives NULL */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#include <haul/base/arena.h>
#include <haul/base/memory.h>

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Thousands of arenas wait with a few strings each; those that go on to hold more are fewer. */
#define BLOCK_SIZE_FIRST 512
#define BLOCK_SIZE_LATER 960

struct arena_block {
    struct arena_block *previous;
    alignas(max_align_t) char bytes[];
};

void arena_release(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->previous;
        free(block);
    }
    *arena = (struct arena){0};
}

static char *add_block(struct arena *arena, size_t size)
{
    struct arena_block *block;

    if (size > SIZE_MAX - sizeof(*block))
        memory_exhausted(size);
    block = memory_allocate(sizeof(*block) + size);
    block->previous = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

static size_t round_up_to_alignment(size_t size)
{
    const size_t mask = alignof(max_align_t) - 1;

    if (size > SIZE_MAX - mask)
        memory_exhausted(size);
    return (size + mask) & ~mask;
}

void *arena_allocate(struct arena *arena, size_t size)
{
    const size_t room = (arena->blocks ? BLOCK_SIZE_LATER : BLOCK_SIZE_FIRST) - sizeof(struct arena_block);
    char *memory;

    size = round_up_to_alignment(size > 0 ? size : 1);
    if (size > arena->left && size > room / 2)
        return add_block(arena, size);
    if (size > arena->left) {
        arena->next = add_block(arena, room);
        arena->left = room;
    }
    memory = arena->next;
    arena->next += size;
    arena->left -= size;
    return memory;
}

char *arena_copy(struct arena *arena, struct slice slice)
{
    char *copy = arena_allocate(arena, slice.length + 1);

    if (slice.length > 0)
        memcpy(copy, slice.bytes, slice.length);
    return copy;
}

char *arena_copy_string(struct arena *arena, const char *string)
{
    return string ? arena_copy(arena, slice_of(string)) : NULL;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    char *string;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted(0);

    string = arena_allocate(arena, (size_t)length + 1);
    va_start(arguments, format);
    vsnprintf(string, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return string;
}

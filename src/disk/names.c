#include "names.h"

#include <haul/base/memory.h>

#include <stdlib.h>

#define CAPACITY_FIRST 64 /* a power of two, as all that follow */

uint64_t names_hash(const char *name, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
    hash ^= hash >> 32;
    return hash ? hash : 1;
}

/* Where the hash is, or the empty slot where it would be. */
static size_t find(const struct names *names, uint64_t hash)
{
    size_t slot = hash & (names->capacity - 1);

    while (names->slots[slot] != 0 && names->slots[slot] != hash)
        slot = (slot + 1) & (names->capacity - 1);
    return slot;
}

static void grow(struct names *names)
{
    struct names larger = {.capacity = names->capacity ? names->capacity * 2 : CAPACITY_FIRST, .count = names->count};

    larger.slots = memory_allocate(larger.capacity * sizeof *larger.slots);
    for (size_t i = 0; i < names->capacity; i++)
        if (names->slots[i] != 0)
            larger.slots[find(&larger, names->slots[i])] = names->slots[i];
    free(names->slots);
    *names = larger;
}

bool names_add(struct names *names, uint64_t hash)
{
    size_t slot;

    if (names->count * 2 >= names->capacity)
        grow(names);
    slot = find(names, hash);
    if (names->slots[slot] == hash)
        return false;
    names->slots[slot] = hash;
    names->count++;
    return true;
}

bool names_has(const struct names *names, uint64_t hash)
{
    return names->capacity > 0 && names->slots[find(names, hash)] == hash;
}

/* Those behind the gap move up unless they are already at home, so that no search stops at it too early. */
void names_remove(struct names *names, uint64_t hash)
{
    size_t mask = names->capacity - 1, gap, slot;

    if (!names_has(names, hash))
        return;
    gap = slot = find(names, hash);
    names->count--;
    for (;;) {
        size_t home;

        names->slots[gap] = 0;
        do {
            slot = (slot + 1) & mask;
            if (names->slots[slot] == 0)
                return;
            home = names->slots[slot] & mask;
        } while (gap <= slot ? gap < home && home <= slot : gap < home || home <= slot);
        names->slots[gap] = names->slots[slot];
        gap = slot;
    }
}

void names_release(struct names *names)
{
    free(names->slots);
    *names = (struct names){.slots = NULL};
}

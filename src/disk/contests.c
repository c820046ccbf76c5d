#include "contests.h"

#include <haul/base/memory.h>

#include <stdlib.h>

#define CAPACITY_FIRST 64 /* a power of two, as all that follow */

/* Where the name is, or the empty slot where it would be. */
static struct contest *find(const struct contests *contests, uint64_t name)
{
    size_t slot = name & (contests->capacity - 1);

    while (contests->slots[slot].name != 0 && contests->slots[slot].name != name)
        slot = (slot + 1) & (contests->capacity - 1);
    return &contests->slots[slot];
}

static void grow(struct contests *contests)
{
    struct contests larger = {.capacity = contests->capacity ? contests->capacity * 2 : CAPACITY_FIRST,
                              .count = contests->count};

    larger.slots = memory_allocate(larger.capacity * sizeof *larger.slots);
    for (size_t i = 0; i < contests->capacity; i++)
        if (contests->slots[i].name != 0)
            *find(&larger, contests->slots[i].name) = contests->slots[i];
    free(contests->slots);
    *contests = larger;
}

bool contests_have(const struct contests *contests, uint64_t name)
{
    return contests->capacity > 0 && find(contests, name)->name == name;
}

static struct contest *add(struct contests *contests, uint64_t name)
{
    struct contest *contest;

    if (contests->count == CONTESTS_MAXIMUM)
        contests_release(contests);
    if (contests->count * 2 >= contests->capacity)
        grow(contests);
    contests->count++;
    contest = find(contests, name);
    contest->name = name;
    return contest;
}

unsigned contests_next(struct contests *contests, uint64_t name, unsigned tried)
{
    struct contest *contest = contests_have(contests, name) ? find(contests, name) : add(contests, name);

    if (contest->number < tried)
        contest->number = tried;
    return ++contest->number;
}

void contests_release(struct contests *contests)
{
    free(contests->slots);
    *contests = (struct contests){.slots = NULL};
}

#include "opening.h"

#include <haul/base/hash.h>
#include <haul/base/memory.h>
#include <haul/co/semaphore.h>

#include <stdlib.h>
#include <string.h>

struct opening {
    char *origin;
    struct co_semaphore permits;
    unsigned users; /* with a permit or waiting for one */
    UT_hash_handle hh;
};

static struct opening *find(struct openings *openings, const char *origin)
{
    struct opening *opening;

    HASH_FIND_STR(openings->by_origin, origin, opening);
    if (opening)
        return opening;
    opening = memory_allocate(sizeof *opening);
    opening->origin = memory_copy_string(origin);
    co_semaphore_init(&opening->permits, OPENING_AT_ONCE);
    HASH_ADD_KEYPTR(hh, openings->by_origin, opening->origin, strlen(opening->origin), opening);
    return opening;
}

static void leave(struct openings *openings, struct opening *opening)
{
    if (--opening->users > 0)
        return;
    HASH_DEL(openings->by_origin, opening);
    free(opening->origin);
    free(opening);
}

int opening_begin(struct co_task *self, struct openings *openings, const char *origin, struct opening **ret_opening)
{
    struct opening *opening = find(openings, origin);
    int result;

    opening->users++;
    result = co_semaphore_acquire(self, &opening->permits);
    if (result < 0) {
        leave(openings, opening);
        return result;
    }
    *ret_opening = opening;
    return 0;
}

void opening_end(struct openings *openings, struct opening *opening)
{
    if (!opening)
        return;
    co_semaphore_release(&opening->permits);
    leave(openings, opening);
}

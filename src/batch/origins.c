#include "origins.h"

#include <haul/base/memory.h>

#include <stdlib.h>
#include <string.h>

void origins_init(struct origins *origins, unsigned limit)
{
    *origins = (struct origins){.limit = limit};
    list_init(&origins->turns);
}

static struct origin *find(struct origins *origins, const char *name)
{
    struct origin *origin;

    HASH_FIND_STR(origins->by_name, name, origin);
    if (origin)
        return origin;
    origin = memory_allocate(sizeof *origin);
    origin->name = memory_copy_string(name);
    list_init(&origin->waiting);
    HASH_ADD_KEYPTR(hh, origins->by_name, origin->name, strlen(origin->name), origin);
    return origin;
}

/* In the circle of turns as long as it has something to start; out of the table when it has nothing at all. */
static void settle(struct origins *origins, struct origin *origin)
{
    bool may_start = !list_is_empty(&origin->waiting) && origin->running < origins->limit;

    if (may_start && !origin->turn.next)
        list_append(&origins->turns, &origin->turn);
    if (!may_start)
        list_remove(&origin->turn);
    if (origin->running > 0 || !list_is_empty(&origin->waiting))
        return;
    HASH_DEL(origins->by_name, origin);
    free(origin->name);
    free(origin);
}

static void enter(struct origins *origins, struct work *work, struct list *place)
{
    list_append(place, &work->link);
    origins->waiting++;
    settle(origins, work->origin);
}

void origins_add(struct origins *origins, struct work *work)
{
    work->origin = find(origins, work->result.origin);
    enter(origins, work, &work->origin->waiting);
}

void origins_add_first(struct origins *origins, struct work *work)
{
    work->origin = find(origins, work->result.origin);
    enter(origins, work, work->origin->waiting.next);
}

static struct work *take_first(struct origins *origins, struct origin *origin)
{
    origins->waiting--;
    return LIST_MEMBER(list_take_first(&origin->waiting), struct work, link);
}

struct work *origins_take(struct origins *origins)
{
    struct list *turn = list_take_first(&origins->turns);
    struct origin *origin;
    struct work *work;

    if (!turn)
        return NULL;
    origin = LIST_MEMBER(turn, struct origin, turn);
    work = take_first(origins, origin);
    origin->running++;
    settle(origins, origin);
    return work;
}

void origins_give_back(struct origins *origins, struct origin *origin)
{
    origin->running--;
    settle(origins, origin);
}

struct work *origins_take_any(struct origins *origins)
{
    struct origin *origin, *next;

    HASH_ITER(hh, origins->by_name, origin, next)
    {
        struct work *work;

        if (list_is_empty(&origin->waiting))
            continue;
        work = take_first(origins, origin);
        settle(origins, origin);
        return work;
    }
    return NULL;
}

#include "contests.h"

#include <haul/base/hash.h>

#include <stdlib.h>

struct contest {
    uint64_t name; /* its hash */
    unsigned number;
    UT_hash_handle hh;
};

static struct contest *find(const struct contests *contests, uint64_t name)
{
    struct contest *contest;

    HASH_FIND(hh, contests->by_name, &name, sizeof name, contest);
    return contest;
}

static struct contest *add(struct contests *contests, uint64_t name)
{
    struct contest *contest = memory_allocate(sizeof *contest);

    if (HASH_COUNT(contests->by_name) == CONTESTS_MAXIMUM)
        contests_release(contests);
    contest->name = name;
    HASH_ADD(hh, contests->by_name, name, sizeof contest->name, contest);
    return contest;
}

bool contests_have(const struct contests *contests, uint64_t name)
{
    return find(contests, name) != NULL;
}

unsigned contests_next(struct contests *contests, uint64_t name, unsigned tried)
{
    struct contest *contest = find(contests, name);

    if (!contest)
        contest = add(contests, name);
    if (contest->number < tried)
        contest->number = tried;
    return ++contest->number;
}

void contests_release(struct contests *contests)
{
    struct contest *contest, *next;

    HASH_ITER(hh, contests->by_name, contest, next)
    {
        HASH_DEL(contests->by_name, contest);
        free(contest);
    }
}

#include "ranks.h"

void ranks_init(struct ranks *ranks)
{
    for (size_t i = 0; i < RANKS; i++)
        list_init(&ranks->by_priority[i]);
}

struct list *ranks_of(struct ranks *ranks, int priority)
{
    return &ranks->by_priority[priority - JOB_PRIORITY_MINIMUM];
}

int ranks_highest(const struct ranks *ranks)
{
    int i = RANKS - 1;

    while (i > 0 && list_is_empty(&ranks->by_priority[i]))
        i--;
    return i + JOB_PRIORITY_MINIMUM;
}

bool ranks_are_empty(const struct ranks *ranks)
{
    return list_is_empty(&ranks->by_priority[ranks_highest(ranks) - JOB_PRIORITY_MINIMUM]);
}

struct list *ranks_take_first(struct ranks *ranks)
{
    return list_take_first(ranks_of(ranks, ranks_highest(ranks)));
}

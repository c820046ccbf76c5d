/* ranks.h - lists by priority, the highest served first. */
#pragma once

#include <haul/base/list.h>
#include <haul/job/job.h>

#include <stdbool.h>

#define RANKS (JOB_PRIORITY_MAXIMUM - JOB_PRIORITY_MINIMUM + 1)

struct ranks {
    struct list by_priority[RANKS];
};

void ranks_init(struct ranks *ranks);
bool ranks_are_empty(const struct ranks *ranks);
struct list *ranks_of(struct ranks *ranks, int priority); /* the list for it */
int ranks_highest(const struct ranks *ranks); /* of those with something in; the lowest when there is none */

/* Takes the first link of the highest; NULL when all are empty. */
struct list *ranks_take_first(struct ranks *ranks);

/* shortage.h - no memory for more stacks than are left. */
#pragma once

#include "../../../src/co/scheduler.h"

/* What shortage_end gives back. */
static inline struct stack_pool shortage_begin(struct co_task *self, bool one_is_left)
{
    struct stack_pool *pool = &self->runtime->stacks, kept;

    if (one_is_left && !pool->idle)
        stack_give_back(pool, stack_take(pool));
    kept = *pool;
    if (one_is_left)
        pool->idle->next_idle = NULL; /* the others go with their slab */
    else
        pool->idle = NULL;
    pool->slabs = NULL;
    pool->stack_size = (size_t)1 << 50; /* more than any address space has */
    return kept;
}

/* The task that had the one that was left has ended. */
static inline void shortage_end(struct co_task *self, struct stack_pool kept)
{
    self->runtime->stacks = kept;
}

#include "stack.h"
#include "annotations.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13: a guard without a mapping of its own */
#endif

#define STACKS_PER_SLAB 64
#define COLOURS         24
#define COLOUR_STEP     128
#define IDLE_WATERMARK  16384 /* idle stacks above this many give their pages back */

struct stack_slab {
    struct stack_slab *next;
    char *memory;
    unsigned carved; /* stacks taken from it so far */
};

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

void stack_pool_init(struct stack_pool *pool, size_t stack_size, size_t owner_size)
{
    size_t page = page_size();

    *pool = (struct stack_pool){
        .stack_size = (stack_size + page - 1) / page * page,
        .owner_size = (owner_size + 63) / 64 * 64,
    };
}

void stack_pool_release(struct stack_pool *pool)
{
    for (struct stack *stack = pool->idle; stack; stack = stack->next_idle)
        annotate_stack_end(stack);
    while (pool->slabs) {
        struct stack_slab *slab = pool->slabs;

        pool->slabs = slab->next;
        annotate_memory_reusable(slab->memory, pool->stack_size * slab->carved);
        munmap(slab->memory, pool->stack_size * STACKS_PER_SLAB);
        free(slab);
    }
}

static struct stack_slab *add_slab(struct stack_pool *pool)
{
    struct stack_slab *slab = calloc(1, sizeof *slab);
    size_t size = pool->stack_size * STACKS_PER_SLAB;

    if (!slab)
        return NULL;
    slab->memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (slab->memory == MAP_FAILED) {
        free(slab);
        return NULL;
    }
    madvise(slab->memory, size, MADV_NOHUGEPAGE); /* or a parked task could cost 2 MiB; refused where there are none */
    slab->next = pool->slabs;
    pool->slabs = slab;
    return slab;
}

/* mprotect splits the mapping, and a process may have some 65,000 of them: past that, stacks go unguarded. */
static bool guard(char *page)
{
    return madvise(page, page_size(), MADV_GUARD_INSTALL) == 0 || mprotect(page, page_size(), PROT_NONE) == 0;
}

static struct stack *carve(struct stack_pool *pool)
{
    struct stack_slab *slab = pool->slabs;
    size_t colour = pool->made % COLOURS * COLOUR_STEP;
    struct stack *stack;
    char *low;

    if ((!slab || slab->carved == STACKS_PER_SLAB) && !(slab = add_slab(pool)))
        return NULL;
    low = slab->memory + slab->carved++ * pool->stack_size;
    stack = (struct stack *)(low + pool->stack_size - colour - pool->owner_size);
    *stack = (struct stack){.bottom = low + page_size()};
    if (!guard(low)) {
        pool->unguarded++;
        stack->bottom = low;
    }
    pool->made++;
    annotate_stack_begin(stack);
    return stack;
}

struct stack *stack_take(struct stack_pool *pool)
{
    struct stack *stack = pool->idle;

    if (!stack)
        return carve(pool);
    pool->idle = stack->next_idle;
    pool->idle_count--;
    return stack;
}

void stack_give_back(struct stack_pool *pool, struct stack *stack)
{
    stack->next_idle = pool->idle;
    pool->idle = stack;
    if (++pool->idle_count > IDLE_WATERMARK) {
        char *kept = (char *)((uintptr_t)stack & ~(page_size() - 1)) - page_size();

        if (kept > stack->bottom)
            madvise(stack->bottom, (size_t)(kept - stack->bottom), MADV_DONTNEED);
    }
}

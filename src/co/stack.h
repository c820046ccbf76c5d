/* stack.h - stacks for tasks: many, guarded, reused last-in first-out.
 *
 * Stacks are carved from slabs of address space; a page gets memory when it is first touched.  Below each lies a guard
 * page that the kernel turns into SIGSEGV.  The owner's struct sits at the top of the stack itself, so that a parked
 * task costs one page; it is shifted by a few cache lines from one stack to the next, or all tasks would compete for
 * the same lines of the cache.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* At the top of every stack, first member of the owner's struct. */
struct stack {
    struct stack *next_idle;
    char *bottom; /* lowest usable byte; the guard lies below */
    void *tsan_fiber;
    unsigned valgrind_id;
};

struct stack_slab;

struct stack_pool {
    size_t stack_size; /* guard included */
    size_t owner_size; /* of the struct that begins with struct stack */
    struct stack *idle;
    size_t idle_count, made, unguarded;
    struct stack_slab *slabs;
};

void stack_pool_init(struct stack_pool *pool, size_t stack_size, size_t owner_size);
void stack_pool_release(struct stack_pool *pool); /* every stack must be idle */

struct stack *stack_take(struct stack_pool *pool); /* NULL: no memory.  What follows struct stack is undefined */
void stack_give_back(struct stack_pool *pool, struct stack *stack);

/* Where a stack begins to grow down, aligned to 64. */
static inline void *stack_top(struct stack *stack)
{
    return stack;
}

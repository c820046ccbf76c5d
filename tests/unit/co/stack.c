#include "../../../src/co/stack.h"

#include "run.h"

#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIZE  (64 * 1024)
#define OWNER 500

Test(stack, lies_between_its_bottom_and_its_owner)
{
    struct stack_pool pool;
    struct stack *stack;

    stack_pool_init(&pool, SIZE, OWNER);
    stack = stack_take(&pool);
    cr_assert_not_null(stack);
    cr_assert_eq((uintptr_t)stack_top(stack) % 64, 0);
    cr_assert_gt((char *)stack_top(stack) - stack->bottom, SIZE / 2);
    memset(stack->bottom, 1, (size_t)((char *)stack_top(stack) - stack->bottom));
    memset(stack + 1, 2, OWNER - sizeof *stack);
    stack_give_back(&pool, stack);
    stack_pool_release(&pool);
}

Test(stack, the_last_given_back_is_the_first_reused)
{
    struct stack_pool pool;
    struct stack *first, *second;

    stack_pool_init(&pool, SIZE, OWNER);
    first = stack_take(&pool);
    second = stack_take(&pool);
    stack_give_back(&pool, first);
    stack_give_back(&pool, second);
    cr_assert_eq(stack_take(&pool), second);
    cr_assert_eq(stack_take(&pool), first);
    cr_assert_eq(pool.made, 2);
    stack_give_back(&pool, first);
    stack_give_back(&pool, second);
    stack_pool_release(&pool);
}

Test(stack, a_thousand_are_apart_and_guarded)
{
    enum { COUNT = 1000 };
    struct stack *stacks[COUNT];
    struct stack_pool pool;

    stack_pool_init(&pool, SIZE, OWNER);
    for (int i = 0; i < COUNT; i++) {
        stacks[i] = stack_take(&pool);
        cr_assert_not_null(stacks[i]);
        memset(stacks[i]->bottom, i, (size_t)((char *)stack_top(stacks[i]) - stacks[i]->bottom));
    }
    for (int i = 0; i < COUNT; i++) {
        cr_assert_eq(stacks[i]->bottom[0], (char)i);
        cr_assert_eq(((char *)stack_top(stacks[i]))[-1], (char)i);
    }
    cr_assert_eq(pool.unguarded, 0);
    for (int i = 0; i < COUNT; i++)
        stack_give_back(&pool, stacks[i]);
    stack_pool_release(&pool);
}

Test(stack, its_guard_is_a_segmentation_fault)
{
    struct stack_pool pool;
    struct stack *stack;
    int status = 0;
    pid_t child;

    stack_pool_init(&pool, SIZE, OWNER);
    stack = stack_take(&pool);
    child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL);
        ((volatile char *)stack->bottom)[-1] = 1;
        _exit(0);
    }
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    stack_give_back(&pool, stack);
    stack_pool_release(&pool);
}

static __attribute__((noinline)) int recurses(volatile int *depth)
{
    volatile char room[512];

    room[0] = (char)++*depth;
    if (*depth == 1000000)
        return 0;
    return recurses(depth) + room[0];
}

static int overflows(struct co_task *self, void *depth)
{
    (void)self;
    signal(SIGSEGV, SIG_DFL);
    return recurses(depth);
}

Test(stack, a_task_that_overflows_dies_by_it, .signal = SIGSEGV)
{
    volatile int depth = 0;

    co_run(overflows, (void *)&depth, NULL);
}

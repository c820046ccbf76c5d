/* run.h - a test whose body is the first task of a runtime.
 *
 *     CO_TEST(event, wakes_all_who_wait)
 *     {
 *         cr_expect(co_yield_now(self) == 0);
 *     }
 *
 * Inside tasks use cr_expect: cr_assert leaves by a jump to another stack.
 */
#pragma once

#include <haul/co/group.h>
#include <haul/co/inspect.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <haul/co/task.h>
#include <haul/co/timer.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>

#define CO_TEST(suite, name)                                                                                           \
    static void suite##_##name(struct co_task *self);                                                                  \
    static int suite##_##name##_main(struct co_task *self, void *unused)                                               \
    {                                                                                                                  \
        (void)unused;                                                                                                  \
        suite##_##name(self);                                                                                          \
        return 0;                                                                                                      \
    }                                                                                                                  \
    Test(suite, name, .timeout = 60)                                                                                   \
    {                                                                                                                  \
        cr_assert_eq(co_run(suite##_##name##_main, NULL, NULL), 0);                                                    \
    }                                                                                                                  \
    static void suite##_##name(struct co_task *self)

/* Lets every ready task run until it waits or ends, and what that makes ready, `turns` deep. */
static inline void let_others_run(struct co_task *self)
{
    for (int turns = 0; turns < 5; turns++)
        co_yield_now(self);
}

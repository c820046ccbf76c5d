#include "child.h"

#include <haul/co/event.h>
#include <haul/co/thread.h>
#include <haul/co/waiter.h>

#include <stdlib.h>
#include <string.h>

static int waits(struct co_task *self, void *event)
{
    return co_event_wait(self, event);
}

static void dies_saying(co_function *function, const char *text)
{
    struct child child = child_run(function, NULL, NULL);

    cr_assert_eq(child.signal, SIGABRT, "ended by signal %d with %d: %s", child.signal, child.result, child.text);
    cr_assert(strstr(child.text, text), "%s", child.text);
}

static void computes_for(int64_t nanoseconds)
{
    int64_t end = co_after(nanoseconds);

    while (co_now() < end)
        continue;
}

static int holds_the_loop(struct co_task *self, void *unused)
{
    (void)unused;
    computes_for(CO_MILLISECONDS(120));
    return co_yield_now(self);
}

static int gives_way(struct co_task *self, void *unused)
{
    (void)unused;
    for (int i = 0; i < 150; i++) {
        computes_for(CO_MILLISECONDS(1));
        co_yield_now(self);
    }
    return 0;
}

static int holds_and_gives_way(struct co_task *self, void *unused)
{
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "hog", holds_the_loop, unused, NULL);
    co_spawn_named(self, &group, "lamb", gives_way, unused, NULL);
    return co_group_close(self, &group, co_sleep(self, CO_MILLISECONDS(1)));
}

Test(debug, names_a_task_that_held_the_loop, .timeout = 60)
{
    struct child child;

    setenv("CO_DEBUG", "1", 1);
    child = child_run(holds_and_gives_way, NULL, NULL);
    cr_assert_eq(child.result, 0);
    cr_assert(strstr(child.text, "co: task 'hog' held the loop for 1"), "%s", child.text);
}

Test(debug, is_silent_unless_asked_for, .timeout = 60)
{
    struct child child;

    unsetenv("CO_DEBUG");
    child = child_run(holds_and_gives_way, NULL, NULL);
    cr_assert_eq(child.result, 0);
    cr_assert_null(strstr(child.text, "co: "), "%s", child.text);
}

static int deadlocks(struct co_task *self, void *unused)
{
    struct co_event event;

    (void)unused;
    co_event_init(&event);
    return co_event_wait(self, &event);
}

Test(debug, prints_a_deadlock_with_stacks, .timeout = 60)
{
    struct child child;

    setenv("CO_DEBUG", "1", 1);
    child = child_run(deadlocks, NULL, NULL);
    cr_assert_eq(child.result, -EDEADLK);
    cr_assert(strstr(child.text, "+0x"), "%s", child.text);
}

static int asks_for_a_dump(struct co_task *self, void *unused)
{
    (void)unused;
    kill(getpid(), SIGUSR1);
    return co_sleep(self, CO_MILLISECONDS(50));
}

Test(debug, sigusr1_dumps_without_being_asked_for_by_the_options, .timeout = 60)
{
    struct child child;

    setenv("CO_DEBUG", "1", 1);
    child = child_run(asks_for_a_dump, NULL, NULL);
    cr_assert_eq(child.result, 0);
    cr_assert(strstr(child.text, "co: all tasks (1):\n"), "%s", child.text);
}

static int uses_the_self_of_another(struct co_task *self, void *unused)
{
    struct co_group group;
    struct co_task *other;

    (void)unused;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "other", deadlocks, NULL, &other);
    return co_sleep(other, CO_MILLISECONDS(1));
}

static int begins_a_scope_for_another(struct co_task *self, void *unused)
{
    struct co_group group;
    struct co_scope scope;
    struct co_task *other;

    (void)unused;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "other", deadlocks, NULL, &other);
    co_scope_begin(other, &scope, CO_FOREVER);
    return 0;
}

Test(debug, a_self_that_does_not_run_aborts, .timeout = 60)
{
    dies_saying(uses_the_self_of_another, "co: task 'other' is the self of a call, but it is 'main' that runs\n");
    dies_saying(begins_a_scope_for_another, "co: task 'other' is the self of a call, but it is 'main' that runs\n");
}

static int ends_the_outer_scope_first(struct co_task *self, void *unused)
{
    struct co_scope outer, inner;

    (void)unused;
    co_scope_begin(self, &outer, CO_FOREVER);
    co_scope_begin(self, &inner, CO_FOREVER);
    return co_scope_end(self, &outer, 0);
}

static int ends_the_scope_of_another(struct co_task *self, void *scope)
{
    return co_scope_end(self, scope, 0);
}

static int lends_a_scope(struct co_task *self, void *unused)
{
    struct co_group group;
    struct co_scope scope;

    (void)unused;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_spawn_named(self, &group, "borrower", ends_the_scope_of_another, &scope, NULL);
    return co_yield_now(self);
}

static int ends_a_group_as_a_scope(struct co_task *self, void *unused)
{
    struct co_group group;

    (void)unused;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "child", deadlocks, NULL, NULL);
    return co_scope_end(self, &group.scope, 0);
}

Test(debug, scopes_that_end_out_of_order_abort, .timeout = 60)
{
    dies_saying(ends_the_outer_scope_first, "co: task 'main' ended a scope before another that it had begun inside\n");
    dies_saying(lends_a_scope, "co: task 'borrower' ended a scope that task 'main' had begun\n");
    dies_saying(ends_a_group_as_a_scope, "co: task 'main' ended a group in which task 'child' still lives\n");
}

static int leaves_a_group_open(struct co_task *self, void *unused)
{
    static struct co_group group;

    (void)unused;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    return co_spawn_named(self, &group, "orphan", deadlocks, NULL, NULL);
}

static int leaves_a_scope_open(struct co_task *self, void *unused)
{
    static struct co_scope scope;

    (void)unused;
    co_scope_begin(self, &scope, CO_FOREVER);
    return 0;
}

Test(debug, tasks_that_end_inside_a_scope_or_group_abort, .timeout = 60)
{
    dies_saying(leaves_a_group_open,
                "co: task 'main' ended inside a group of its own in which task 'orphan' still lives\n");
    dies_saying(leaves_a_scope_open, "co: task 'main' ended inside a scope or group that it had begun\n");
}

/* By then the task waits for the thread. */
static int sleeps_for(void *self, const struct co_token *token)
{
    (void)token;
    usleep(50000);
    return co_sleep(self, CO_MILLISECONDS(1));
}

static int sets_event(void *event, const struct co_token *token)
{
    (void)token;
    co_event_set(event);
    return 0;
}

static int waits_on_a_thread(struct co_task *self, void *unused)
{
    (void)unused;
    return co_to_thread(self, sleeps_for, self);
}

static int is_woken_by_a_thread(struct co_task *self, void *unused)
{
    struct co_group group;
    struct co_event event;

    (void)unused;
    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "sleeper", waits, &event, NULL);
    co_yield_now(self);
    return co_group_close(self, &group, co_to_thread(self, sets_event, &event));
}

Test(debug, calls_from_another_thread_abort, .timeout = 60)
{
    setenv("CO_DEBUG", "1", 1);
    dies_saying(waits_on_a_thread, "co: task 'main' has its runtime used by another thread\n");
    dies_saying(is_woken_by_a_thread, "co: task 'main' has its runtime used by another thread\n");
}

/* The machine's clock may be younger than the duration that is taken for a moment. */
static int takes_a_duration_for_a_moment(struct co_task *self, void *unused)
{
    struct co_scope scope;

    (void)unused;
    co_scope_begin(self, &scope, CO_MILLISECONDS(5));
    return co_scope_end(self, &scope, co_sleep_until(self, co_after(0)));
}

static int gives_moments(struct co_task *self, void *unused)
{
    struct co_scope scope;

    (void)unused;
    co_scope_begin(self, &scope, co_after(0));
    return co_scope_end(self, &scope, 0);
}

Test(debug, a_duration_in_the_place_of_a_moment_is_told, .timeout = 60)
{
    struct child child;

    if (co_now() < CO_SECONDS(61))
        return;
    child = child_run(takes_a_duration_for_a_moment, NULL, NULL);
    cr_assert_str_eq(child.text, "");
    setenv("CO_DEBUG", "1", 1);
    cr_assert_str_eq(child_run(gives_moments, NULL, NULL).text, "");
    child = child_run(takes_a_duration_for_a_moment, NULL, NULL);
    cr_assert_eq(child.result, -ETIMEDOUT);
    cr_assert(strstr(child.text, "co: task 'main' has a deadline that was over "), "%s", child.text);
    cr_assert(strstr(child.text, " s ago: it is a moment, co_after(nanoseconds)\n"), "%s", child.text);
}

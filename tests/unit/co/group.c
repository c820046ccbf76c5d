#include "run.h"
#include "shortage.h"

#include <haul/co/event.h>

struct census {
    int started, ended, cancelled, most;
};

static int waits(struct co_task *self, void *argument)
{
    struct census *census = argument;
    int result;

    census->started++;
    if (census->started - census->ended > census->most)
        census->most = census->started - census->ended;
    result = co_sleep(self, CO_SECONDS(60));
    census->ended++;
    census->cancelled += result == -ECANCELED;
    return result;
}

static int yields_a_few_times(struct co_task *self, void *argument)
{
    struct census *census = argument;

    census->started++;
    if (census->started - census->ended > census->most)
        census->most = census->started - census->ended;
    let_others_run(self);
    census->ended++;
    return 0;
}

static int fails_with_argument(struct co_task *self, void *argument)
{
    co_yield_now(self);
    return *(int *)argument;
}

static int input_output_error = -EIO;
static int not_found = -ENOENT;
static int cancelled = -ECANCELED;

CO_TEST(group, closing_an_empty_one_gives_the_bodys_result)
{
    static const int results[] = {0, 3, -EIO, -ECANCELED};
    struct co_group group;

    for (int i = 0; i < 4; i++) {
        co_group_open(self, &group, CO_FAIL_FAST, 0);
        cr_expect_eq(co_group_close(self, &group, results[i]), results[i]);
        co_group_open(self, &group, CO_COLLECT, 0);
        cr_expect_eq(co_group_close(self, &group, results[i]), results[i]);
    }
}

CO_TEST(group, closing_waits_for_every_task)
{
    struct census census = {0};
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 100; i++)
        cr_expect_eq(co_spawn(self, &group, yields_a_few_times, &census), 0);
    cr_expect_eq(census.started, 0, "tasks start on a later turn");
    cr_expect_eq(co_group_close(self, &group, 4), 4);
    cr_expect_eq(census.ended, 100);
}

CO_TEST(group, the_first_failure_cancels_the_others_and_the_body)
{
    struct census census = {0};
    struct co_group group;
    const struct co_group_error *errors;
    int result;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 5; i++)
        co_spawn(self, &group, waits, &census);
    co_spawn_named(self, &group, "reader", fails_with_argument, &input_output_error, NULL);
    co_spawn_named(self, &group, "finder", fails_with_argument, &not_found, NULL);
    result = co_sleep(self, CO_SECONDS(60));
    cr_expect_eq(result, -ECANCELED);
    cr_expect_eq(co_group_close(self, &group, result), -EIO);
    cr_expect_eq(census.cancelled, 5);
    cr_expect_eq(co_group_errors(&group, &errors), 2);
    cr_expect_str_eq(errors[0].task, "reader");
    cr_expect_eq(errors[0].result, -EIO);
    cr_expect_str_eq(errors[1].task, "finder");
    cr_expect_eq(errors[1].result, -ENOENT);
}

CO_TEST(group, a_failed_body_cancels_the_tasks)
{
    struct census census = {0};
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, waits, &census);
    cr_expect_eq(co_group_close(self, &group, -EPROTO), -EPROTO);
    cr_expect_eq(census.cancelled, 1);
}

CO_TEST(group, a_cancelled_task_has_not_failed)
{
    struct census census = {0};
    struct co_group group;
    const struct co_group_error *errors;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, fails_with_argument, &cancelled);
    co_spawn(self, &group, yields_a_few_times, &census);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(census.ended, 1);
    cr_expect_eq(co_group_errors(&group, &errors), 0);
}

CO_TEST(group, collecting_cancels_nobody)
{
    struct census census = {0};
    struct co_group group;
    const struct co_group_error *errors;

    co_group_open(self, &group, CO_COLLECT, 0);
    for (int i = 0; i < 20; i++)
        co_spawn_named(self, &group, "failing", fails_with_argument, &not_found, NULL);
    co_spawn(self, &group, yields_a_few_times, &census);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(census.ended, 1);
    cr_expect_eq(co_group_errors(&group, &errors), 20);
    cr_expect_str_eq(errors[CO_GROUP_ERRORS_MAXIMUM - 1].task, "failing");
}

CO_TEST(group, collecting_a_failed_body_still_waits)
{
    struct census census = {0};
    struct co_group group;

    co_group_open(self, &group, CO_COLLECT, 0);
    co_spawn(self, &group, yields_a_few_times, &census);
    cr_expect_eq(co_group_close(self, &group, -EPROTO), -EPROTO);
    cr_expect_eq(census.ended, 1);
}

CO_TEST(group, cancelling_it_ends_the_tasks_and_closing_gives_0)
{
    struct census census = {0};
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 3; i++)
        co_spawn(self, &group, waits, &census);
    let_others_run(self);
    co_group_cancel(&group);
    cr_expect_eq(co_check(self), -ECANCELED);
    cr_expect_eq(co_group_close(self, &group, -ECANCELED), 0);
    cr_expect_eq(census.cancelled, 3);
    cr_expect_eq(co_check(self), 0);
}

CO_TEST(group, cancelling_it_leaves_any_other_result_of_the_body)
{
    static const int results[] = {0, 7, -EIO};

    for (int i = 0; i < 3; i++) {
        struct co_group group;

        co_group_open(self, &group, CO_FAIL_FAST, 0);
        co_group_cancel(&group);
        cr_expect_eq(co_group_close(self, &group, results[i]), results[i]);
    }
}

static int cancels_its_group_twice(struct co_task *self, void *group)
{
    co_group_cancel(group);
    co_group_cancel(group);
    return co_check(self);
}

CO_TEST(group, a_task_in_it_may_cancel_it_and_more_than_once)
{
    struct census census = {0};
    struct co_group group;
    int result;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, waits, &census);
    co_spawn(self, &group, cancels_its_group_twice, &group);
    result = co_sleep(self, CO_SECONDS(60));
    cr_expect_eq(result, -ECANCELED);
    cr_expect_eq(co_group_close(self, &group, result), 0);
    cr_expect_eq(census.cancelled, 1);
}

CO_TEST(group, cancelling_it_does_not_hide_a_failure)
{
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, fails_with_argument, &input_output_error);
    co_group_cancel(&group);
    cr_expect_eq(co_group_close(self, &group, -ECANCELED), -EIO);
}

CO_TEST(group, spawning_into_a_cancelled_one_fails)
{
    struct census census = {0};
    struct co_group group;
    struct co_task *task = NULL;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_group_cancel(&group);
    cr_expect_eq(co_spawn(self, &group, waits, &census), -ECANCELED);
    cr_expect_eq(co_spawn_named(self, &group, "late", waits, &census, &task), -ECANCELED);
    cr_expect_null(task);
    cr_expect_eq(co_group_close(self, &group, -ECANCELED), 0);
    cr_expect_eq(census.started, 0);
}

struct outside {
    struct co_group *group;
    struct census census;
    int result;
};

static int spawns_from_outside(struct co_task *self, void *argument)
{
    struct outside *outside = argument;

    outside->result = co_spawn(self, outside->group, waits, &outside->census);
    return 0;
}

/* Each of those who wait for room learns of the cancel, though only one task ends. */
CO_TEST(group, all_who_wait_to_spawn_into_a_cancelled_one_fail)
{
    struct co_group outer, group;
    struct outside outside[3];
    struct census census = {0};

    co_group_open(self, &outer, CO_FAIL_FAST, 0);
    co_group_open(self, &group, CO_FAIL_FAST, 1);
    co_spawn(self, &group, waits, &census);
    for (int i = 0; i < 3; i++) {
        outside[i] = (struct outside){.group = &group, .result = 1};
        co_spawn(self, &outer, spawns_from_outside, &outside[i]);
    }
    let_others_run(self);
    co_group_cancel(&group);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(co_group_close(self, &outer, 0), 0);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(outside[i].result, -ECANCELED);
}

CO_TEST(group, the_limit_makes_spawning_wait)
{
    struct census census = {0};
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 3);
    for (int i = 0; i < 50; i++) {
        cr_expect_eq(co_spawn(self, &group, yields_a_few_times, &census), 0);
        cr_expect_leq(i + 1 - census.ended, 3);
    }
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(census.most, 3);
    cr_expect_eq(census.ended, 50);
}

CO_TEST(group, waiting_for_room_can_be_cancelled)
{
    struct census census = {0};
    struct co_group group;
    struct co_scope scope;

    co_group_open(self, &group, CO_FAIL_FAST, 1);
    co_spawn(self, &group, waits, &census);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_scope_end(self, &scope, co_spawn(self, &group, waits, &census)), -ETIMEDOUT);
    co_group_cancel(&group);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(census.started, 1);
}

CO_TEST(group, handles_that_nobody_joined_end_with_it)
{
    struct co_statistics statistics;
    struct co_group group;
    struct co_task *task;
    struct census census = {0};

    for (int round = 0; round < 10; round++) {
        co_group_open(self, &group, CO_FAIL_FAST, 0);
        for (int i = 0; i < 5; i++)
            co_spawn_named(self, &group, NULL, yields_a_few_times, &census, &task);
        cr_expect_eq(co_group_close(self, &group, 0), 0);
    }
    co_runtime_statistics(co_task_runtime(self), &statistics);
    cr_expect_eq(statistics.stacks, 6);
}

CO_TEST(group, a_cancel_from_outside_passes_through_it)
{
    struct census census = {0};
    struct co_scope scope;
    struct co_group group;
    int result;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, waits, &census);
    result = co_group_close(self, &group, co_sleep(self, CO_SECONDS(60)));
    cr_expect_eq(result, -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, result), -ETIMEDOUT);
    cr_expect_eq(census.cancelled, 1);
}

CO_TEST(group, a_cancel_from_outside_is_told_though_the_body_had_ended)
{
    struct census census = {0};
    struct co_scope scope;
    struct co_group group;
    int result;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    co_group_open(self, &group, CO_COLLECT, 0);
    co_spawn(self, &group, waits, &census);
    result = co_group_close(self, &group, 0);
    cr_expect_eq(result, -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, result), -ETIMEDOUT);
}

CO_TEST(group, a_cancel_from_outside_that_ended_no_task_is_not_told)
{
    struct co_scope scope;
    struct co_group group;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_group_open(self, &group, CO_COLLECT, 0);
    co_scope_cancel(&scope);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    co_scope_end(self, &scope, 0);
}

/* The body was told of a cancel that is not the group's: joining a cancelled task is one way. */
CO_TEST(group, does_not_absorb_a_cancel_that_is_not_its_own)
{
    struct census census = {0};
    struct co_group group;
    struct co_task *task;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, waits, &census, &task);
    co_cancel(task);
    cr_expect_eq(co_group_close(self, &group, co_join(self, task)), -ECANCELED);
}

static int opens_groups_down_to_0(struct co_task *self, void *argument)
{
    int depth = *(int *)argument - 1;
    struct co_group group;

    if (depth < 0)
        return co_sleep(self, CO_SECONDS(60));
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, opens_groups_down_to_0, &depth);
    co_spawn(self, &group, opens_groups_down_to_0, &depth);
    return co_group_close(self, &group, 0);
}

CO_TEST(group, a_cancel_reaches_all_levels)
{
    int depth = 6;

    cr_expect_eq(co_timeout(self, CO_MILLISECONDS(5), opens_groups_down_to_0, &depth), -ETIMEDOUT);
    cr_expect_eq(co_check(self), 0);
}

struct runner {
    int milliseconds, result;
};

static int runs(struct co_task *self, void *argument)
{
    struct runner *runner = argument;
    int result = co_sleep(self, CO_MILLISECONDS(runner->milliseconds));

    return result < 0 ? result : runner->result;
}

CO_TEST(group, next_gives_the_tasks_as_they_end_and_then_none)
{
    static const int expected[] = {1, 3, -EIO, 0};
    struct runner runners[4] = {{20, 0}, {1, 1}, {10, -EIO}, {5, 3}};
    struct co_group group;
    struct co_task *task;

    co_group_open(self, &group, CO_COLLECT, 0);
    cr_expect_eq(co_group_next(self, &group, &task), 0);
    for (int i = 0; i < 4; i++)
        co_spawn_named(self, &group, NULL, runs, &runners[i], &task);
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(co_group_next(self, &group, &task), 1);
        cr_expect_eq(co_join(self, task), expected[i]);
    }
    cr_expect_eq(co_group_next(self, &group, &task), 0);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(group, next_gives_each_task_once_and_closing_ends_what_nobody_joined)
{
    struct runner runners[3] = {{0, 1}, {0, 2}, {5, 3}};
    struct co_group group;
    struct co_task *tasks[3], *task;

    co_group_open(self, &group, CO_COLLECT, 0);
    for (int i = 0; i < 3; i++)
        co_spawn_named(self, &group, NULL, runs, &runners[i], &tasks[i]);
    let_others_run(self);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(co_group_next(self, &group, &task), 1);
        cr_expect_eq(task, tasks[i]);
        cr_expect_eq(co_task_state(task), CO_FINISHED);
    }
    cr_expect_eq(co_group_next(self, &group, &task), 0);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(group, next_waits_for_tasks_without_a_handle_and_does_not_give_them)
{
    struct census census = {0};
    struct co_group group;
    struct co_task *task;

    co_group_open(self, &group, CO_COLLECT, 0);
    co_spawn(self, &group, yields_a_few_times, &census);
    cr_expect_eq(co_group_next(self, &group, &task), 0);
    cr_expect_eq(census.ended, 1);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

struct taker {
    struct co_group *group;
    struct co_task *task;
    int result;
};

static int takes_next(struct co_task *self, void *argument)
{
    struct taker *taker = argument;

    taker->result = co_group_next(self, taker->group, &taker->task);
    return 0;
}

CO_TEST(group, several_may_ask_for_the_next_and_those_too_many_get_none)
{
    struct runner runners[2] = {{5, 1}, {1, 2}};
    struct taker takers[3];
    struct co_group takers_group, group;
    struct co_task *tasks[2];

    co_group_open(self, &takers_group, CO_FAIL_FAST, 0);
    co_group_open(self, &group, CO_COLLECT, 0);
    for (int i = 0; i < 2; i++)
        co_spawn_named(self, &group, NULL, runs, &runners[i], &tasks[i]);
    for (int i = 0; i < 3; i++) {
        takers[i] = (struct taker){.group = &group, .result = -1};
        co_spawn(self, &takers_group, takes_next, &takers[i]);
    }
    while (takers[0].result < 0 || takers[1].result < 0 || takers[2].result < 0)
        co_sleep(self, CO_MILLISECONDS(1));
    cr_expect(takers[0].result == 1 && takers[0].task == tasks[1]);
    cr_expect(takers[1].result == 1 && takers[1].task == tasks[0]);
    cr_expect_eq(takers[2].result, 0);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(co_group_close(self, &takers_group, 0), 0);
}

CO_TEST(group, a_cancelled_next_loses_no_task)
{
    struct runner runner = {5, 7};
    struct co_group group;
    struct co_scope scope;
    struct co_task *spawned, *task = NULL;

    co_group_open(self, &group, CO_COLLECT, 0);
    co_spawn_named(self, &group, NULL, runs, &runner, &spawned);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_scope_end(self, &scope, co_group_next(self, &group, &task)), -ETIMEDOUT);
    cr_expect_null(task);
    cr_expect_eq(co_group_next(self, &group, &task), 1);
    cr_expect_eq(task, spawned);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static int does_nothing(struct co_task *self, void *argument)
{
    (void)self, (void)argument;
    return 0;
}

CO_TEST(group, spawning_fails_when_there_is_no_stack_and_works_again_when_there_is)
{
    struct stack_pool kept = shortage_begin(self, false);
    struct co_group group;
    struct co_task *task = self;

    co_group_open(self, &group, CO_FAIL_FAST, 1);
    cr_expect_eq(co_spawn(self, &group, does_nothing, NULL), -ENOMEM);
    cr_expect_eq(co_spawn_named(self, &group, "b", does_nothing, NULL, &task), -ENOMEM);
    cr_expect_eq(task, self, "no handle");
    shortage_end(self, kept);
    cr_expect_eq(co_spawn(self, &group, does_nothing, NULL), 0);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

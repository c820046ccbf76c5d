#include "run.h"

#include <string.h>

static int returns_argument(struct co_task *self, void *argument)
{
    (void)self;
    return *(int *)argument;
}

static int sleeps(struct co_task *self, void *argument)
{
    (void)argument;
    return co_sleep(self, CO_SECONDS(60));
}

struct trace {
    char text[64];
    size_t length;
};

static int writes_three_letters(struct co_task *self, void *argument)
{
    struct trace *trace = argument;

    for (int i = 0; i < 3; i++) {
        trace->text[trace->length++] = co_task_name(self)[0];
        co_yield_now(self);
    }
    return 0;
}

CO_TEST(task, yields_to_the_others_in_turn)
{
    struct trace trace = {.length = 0};
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "a", writes_three_letters, &trace, NULL);
    co_spawn_named(self, &group, "b", writes_three_letters, &trace, NULL);
    co_spawn_named(self, &group, "c", writes_three_letters, &trace, NULL);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_str_eq(trace.text, "abcabcabc");
}

CO_TEST(task, check_is_zero_until_cancelled_and_then_fails_each_time)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    cr_expect_eq(co_check(self), 0);
    co_scope_cancel(&scope);
    cr_expect_eq(co_check(self), -ECANCELED);
    cr_expect_eq(co_check(self), -ECANCELED);
    cr_expect_eq(co_yield_now(self), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    cr_expect_eq(co_check(self), 0);
}

CO_TEST(task, join_gives_the_result_of_one_that_ends_later)
{
    struct co_group group;
    struct co_task *other;
    int result = -EIO;

    co_group_open(self, &group, CO_COLLECT, 0);
    cr_expect_eq(co_spawn_named(self, &group, NULL, returns_argument, &result, &other), 0);
    cr_expect_eq(co_task_state(other), CO_PENDING);
    cr_expect_eq(co_join(self, other), -EIO);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(task, join_gives_the_result_of_one_that_has_ended)
{
    struct co_group group;
    struct co_task *other;
    int result = 7;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, returns_argument, &result, &other);
    let_others_run(self);
    cr_expect_eq(co_task_state(other), CO_FINISHED);
    cr_expect_not(co_cancel(other));
    cr_expect_eq(co_join(self, other), 7);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(task, handle_stays_good_when_the_joining_is_cancelled)
{
    struct co_group group;
    struct co_task *other;
    struct co_scope scope;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, sleeps, NULL, &other);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(5)));
    cr_expect_eq(co_scope_end(self, &scope, co_join(self, other)), -ETIMEDOUT);
    cr_expect_eq(co_task_state(other), CO_PENDING);
    cr_expect(co_cancel(other));
    cr_expect_eq(co_join(self, other), -ECANCELED);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

struct joining {
    struct co_task *other;
    int result;
};

static int joins(struct co_task *self, void *argument)
{
    struct joining *joining = argument;

    joining->result = co_join(self, joining->other);
    return 0;
}

/* The closer of the inner group runs before the joiner does. */
CO_TEST(task, can_be_joined_from_outside_its_group_while_that_closes)
{
    struct co_group outer, inner;
    struct joining joining = {.result = -1};
    int result = 9;

    co_group_open(self, &outer, CO_FAIL_FAST, 0);
    co_group_open(self, &inner, CO_FAIL_FAST, 0);
    co_spawn(self, &outer, joins, &joining);
    co_spawn_named(self, &inner, NULL, returns_argument, &result, &joining.other);
    cr_expect_eq(co_group_close(self, &inner, 0), 0);
    cr_expect_eq(co_group_close(self, &outer, 0), 0);
    cr_expect_eq(joining.result, 9);
}

CO_TEST(task, cancelling_a_joiner_as_the_other_ends_loses_nothing)
{
    struct co_group outer, inner;
    struct joining joining = {.result = -1};
    struct co_task *joiner;
    int result = 9;

    co_group_open(self, &outer, CO_FAIL_FAST, 0);
    co_group_open(self, &inner, CO_FAIL_FAST, 0);
    co_spawn_named(self, &inner, NULL, returns_argument, &result, &joining.other);
    co_spawn_named(self, &outer, NULL, joins, &joining, &joiner);
    co_cancel(joiner);
    cr_expect_eq(co_group_close(self, &inner, 0), 0);
    cr_expect_eq(co_group_close(self, &outer, 0), 0);
    cr_expect_eq(joining.result, -ECANCELED);
}

CO_TEST(task, cancelling_ends_its_waits_and_its_state_says_so)
{
    struct co_group group;
    struct co_task *other;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, sleeps, NULL, &other);
    let_others_run(self);
    cr_expect(co_cancel(other));
    cr_expect(co_cancel(other));
    let_others_run(self);
    cr_expect_eq(co_task_state(other), CO_CANCELLED);
    cr_expect_not(co_cancel(other));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(task, cancelled_before_its_first_turn_runs_and_sees_it)
{
    struct co_group group;
    struct co_task *other;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, sleeps, NULL, &other);
    co_cancel(other);
    cr_expect_eq(co_join(self, other), -ECANCELED);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static int knows_itself(struct co_task *self, void *argument)
{
    cr_expect_eq(co_task_state(self), CO_RUNNING);
    cr_expect_eq(co_task_runtime(self), argument);
    return 0;
}

CO_TEST(task, running_is_the_state_of_the_one_that_runs)
{
    struct co_group group;

    knows_itself(self, co_task_runtime(self));
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, knows_itself, co_task_runtime(self));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(task, names_are_copied_and_cut)
{
    struct co_group group;
    struct co_task *nameless, *named;
    char name[] = "a name of more than twenty-three bytes";
    int result = 0;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, returns_argument, &result, &nameless);
    co_spawn_named(self, &group, name, returns_argument, &result, &named);
    memset(name, 'x', sizeof name - 1);
    cr_expect_str_eq(co_task_name(self), "main");
    cr_expect_str_eq(co_task_name(nameless), "");
    cr_expect_str_eq(co_task_name(named), "a name of more than twe");
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

#include "run.h"

#include <haul/co/waiter.h>

struct question {
    struct co_waiter waiter;
    int cancels;
    int answer;
};

static int answers(struct co_task *self, void *argument)
{
    struct question *question = argument;

    (void)self;
    cr_expect(co_wake(&question->waiter, question->answer));
    cr_expect_not(co_wake(&question->waiter, 99));
    return 0;
}

CO_TEST(waiter, is_resolved_once_by_the_first_to_wake_it)
{
    struct question question = {.answer = 12};
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, answers, &question);
    co_waiter_init(&question.waiter, self, "answer", co_abort_now);
    cr_expect_eq(co_park(self, &question.waiter), 12);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(waiter, may_be_woken_before_it_parks)
{
    struct co_waiter waiter;

    co_waiter_init(&waiter, self, "answer", co_abort_now);
    cr_expect(co_wake(&waiter, 3));
    cr_expect_eq(co_park(self, &waiter), 3);
}

CO_TEST(waiter, waking_takes_it_out_of_its_list)
{
    struct list waiters;
    struct co_waiter waiter;

    list_init(&waiters);
    co_waiter_init(&waiter, self, "answer", co_abort_now);
    list_append(&waiters, &waiter.link);
    co_wake(&waiter, 0);
    cr_expect(list_is_empty(&waiters));
    cr_expect_eq(co_park(self, &waiter), 0);
}

CO_TEST(waiter, aborting_takes_it_out_of_its_list)
{
    struct list waiters;
    struct co_waiter waiter;
    struct co_scope scope;

    list_init(&waiters);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    co_waiter_init(&waiter, self, "answer", co_abort_now);
    list_append(&waiters, &waiter.link);
    cr_expect_eq(co_park(self, &waiter), -ECANCELED);
    cr_expect(list_is_empty(&waiters));
    cr_expect_not(co_wake(&waiter, 0));
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
}

static enum co_abort asks_to_end_early(struct co_waiter *waiter)
{
    LIST_MEMBER(waiter, struct question, waiter)->cancels++;
    return CO_ABORT_LATER;
}

static int answers_later(struct co_task *self, void *argument)
{
    struct question *question = argument;
    struct co_scope shielded;

    co_scope_begin_shielded(self, &shielded, CO_FOREVER);
    co_sleep(self, CO_MILLISECONDS(10));
    co_scope_end(self, &shielded, 0);
    co_wake(&question->waiter, question->answer);
    return 0;
}

CO_TEST(waiter, asked_to_end_early_is_asked_once_and_waits_for_its_event)
{
    struct question question = {.answer = 8};
    struct co_scope outer, inner;
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, answers_later, &question);
    co_scope_begin(self, &outer, co_after(CO_MILLISECONDS(2)));
    co_scope_begin(self, &inner, co_after(CO_MILLISECONDS(1)));
    co_waiter_init(&question.waiter, self, "answer", asks_to_end_early);
    cr_expect_eq(co_park(self, &question.waiter), 8);
    cr_expect_eq(question.cancels, 1);
    cr_expect_eq(co_scope_end(self, &inner, 0), 0);
    cr_expect_eq(co_scope_end(self, &outer, 0), 0);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(waiter, without_a_hook_cannot_be_cancelled)
{
    struct question question = {.answer = 8};
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, answers_later, &question);
    co_group_cancel(&group);
    co_waiter_init(&question.waiter, self, "answer", NULL);
    cr_expect_eq(co_park(self, &question.waiter), 8);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(waiter, parked_by_a_cancelled_task_is_aborted_at_once)
{
    struct co_waiter waiter;
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    co_waiter_init(&waiter, self, "answer", co_abort_now);
    cr_expect_eq(co_park(self, &waiter), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
}

static int sets_errno(struct co_task *self, void *argument)
{
    errno = *(int *)argument;
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(1)), 0);
    cr_expect_eq(errno, *(int *)argument);
    cr_expect_eq(co_yield_now(self), 0);
    cr_expect_eq(errno, *(int *)argument);
    return 0;
}

CO_TEST(waiter, errno_survives_a_park)
{
    int numbers[] = {ENOENT, EPIPE, EAGAIN};
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 3; i++)
        co_spawn(self, &group, sets_errno, &numbers[i]);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static int notes_that_it_ran(struct co_task *self, void *ret_ran)
{
    (void)self;
    *(bool *)ret_ran = true;
    return 0;
}

CO_TEST(waiter, awaits_that_say_they_completed_at_once_let_others_run_after_128)
{
    struct co_group group;
    bool ran = false;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, notes_that_it_ran, &ran);
    for (int i = 0; i < 127; i++)
        co_completed_at_once(self);
    cr_expect_not(ran);
    co_completed_at_once(self);
    cr_expect(ran);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

#include "run.h"

#include <haul/co/event.h>
#include <haul/co/wait.h>

#define TASKS 4

struct errand {
    int milliseconds, result;
    struct co_event *after, ended; /* one after the other, however late the clock is read */
};

static int runs(struct co_task *self, void *argument)
{
    struct errand *errand = argument;
    int result = errand->after ? co_event_wait(self, errand->after) : 0;

    if (result == 0)
        result = co_sleep(self, CO_MILLISECONDS(errand->milliseconds));
    co_event_set(&errand->ended);
    return result < 0 ? result : errand->result;
}

/* Tasks that give 0 to 3 and end in the order 2, 0, 3, 1. */
struct batch {
    struct errand errands[TASKS];
    struct co_task *tasks[TASKS];
    struct co_group group;
};

static void batch_begin(struct co_task *self, struct batch *batch)
{
    static const int milliseconds[TASKS] = {5, 60000, 5, 5};
    static const int after[TASKS] = {2, -1, -1, 0};

    co_group_open(self, &batch->group, CO_COLLECT, 0);
    for (int i = 0; i < TASKS; i++) {
        batch->errands[i] = (struct errand){milliseconds[i], i, NULL, {}};
        co_event_init(&batch->errands[i].ended);
        if (after[i] >= 0)
            batch->errands[i].after = &batch->errands[after[i]].ended;
        co_spawn_named(self, &batch->group, NULL, runs, &batch->errands[i], &batch->tasks[i]);
    }
}

static void batch_end(struct co_task *self, struct batch *batch)
{
    co_group_cancel(&batch->group);
    cr_expect_eq(co_group_close(self, &batch->group, 0), 0);
}

CO_TEST(wait, until_the_first_is_done_moves_it_to_the_front_and_cancels_nobody)
{
    struct batch batch;

    batch_begin(self, &batch);
    cr_expect_eq(co_wait(self, batch.tasks, TASKS, CO_FIRST_DONE, CO_FOREVER), 1);
    cr_expect_eq(co_task_state(batch.tasks[0]), CO_FINISHED);
    for (int i = 1; i < TASKS; i++)
        cr_expect_eq(co_task_state(batch.tasks[i]), CO_PENDING);
    cr_expect_eq(co_join(self, batch.tasks[0]), 2);
    batch_end(self, &batch);
}

CO_TEST(wait, again_and_again_gives_all_as_they_end)
{
    static const int expected[] = {2, 0, 3};
    struct batch batch;
    struct co_task **pending = batch.tasks;

    batch_begin(self, &batch);
    for (size_t i = 0; i < 3; i++, pending++) {
        cr_expect_eq(co_wait(self, pending, TASKS - i, CO_FIRST_DONE, CO_FOREVER), 1);
        cr_expect_eq(co_join(self, pending[0]), expected[i]);
    }
    co_cancel(pending[0]);
    cr_expect_eq(co_wait(self, pending, 1, CO_FIRST_DONE, CO_FOREVER), 1);
    cr_expect_eq(co_task_state(pending[0]), CO_CANCELLED);
    cr_expect_eq(co_join(self, pending[0]), -ECANCELED);
    batch_end(self, &batch);
}

CO_TEST(wait, until_the_first_error_ignores_successes_and_cancels)
{
    struct batch batch;

    batch_begin(self, &batch);
    batch.errands[3].result = -EIO;
    co_cancel(batch.tasks[0]);
    cr_expect_eq(co_wait(self, batch.tasks, TASKS, CO_FIRST_ERROR, CO_FOREVER), 3);
    for (int i = 0; i < 3; i++)
        cr_expect_neq(co_task_state(batch.tasks[i]), CO_PENDING);
    batch_end(self, &batch);
}

CO_TEST(wait, until_the_first_error_ends_with_the_last_task_when_there_is_none)
{
    struct batch batch;

    batch_begin(self, &batch);
    batch.errands[1].milliseconds = 1;
    cr_expect_eq(co_wait(self, batch.tasks, TASKS, CO_FIRST_ERROR, CO_FOREVER), TASKS);
    batch_end(self, &batch);
}

CO_TEST(wait, for_all_until_a_deadline_gives_those_that_are_done)
{
    struct batch batch;

    batch_begin(self, &batch);
    cr_expect_eq(co_wait(self, batch.tasks, TASKS, CO_ALL_DONE, co_after(CO_SECONDS(1))), 3);
    cr_expect_eq(co_task_state(batch.tasks[3]), CO_PENDING);
    co_cancel(batch.tasks[3]);
    cr_expect_eq(co_wait(self, batch.tasks, TASKS, CO_ALL_DONE, CO_FOREVER), TASKS);
    batch_end(self, &batch);
}

CO_TEST(wait, with_a_deadline_that_is_over_only_looks)
{
    struct batch batch;

    batch_begin(self, &batch);
    cr_expect_eq(co_wait(self, batch.tasks, TASKS, CO_FIRST_DONE, 0), 0);
    co_cancel(batch.tasks[3]);
    let_others_run(self);
    cr_expect_eq(co_wait(self, batch.tasks, TASKS, CO_ALL_DONE, 0), 1);
    cr_expect_eq(co_task_state(batch.tasks[0]), CO_CANCELLED);
    batch_end(self, &batch);
}

CO_TEST(wait, for_nobody_is_over_at_once)
{
    for (int until = CO_FIRST_DONE; until <= CO_ALL_DONE; until++)
        cr_expect_eq(co_wait(self, NULL, 0, (enum co_wait_until)until, CO_FOREVER), 0);
}

CO_TEST(wait, when_cancelled_leaves_every_handle_good)
{
    struct batch batch;
    struct co_task *tasks[TASKS];
    struct co_scope scope;
    int result;

    batch_begin(self, &batch);
    for (int i = 0; i < TASKS; i++)
        tasks[i] = batch.tasks[i];
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(50)));
    result = co_wait(self, batch.tasks, TASKS, CO_ALL_DONE, CO_FOREVER);
    cr_expect_eq(result, -ECANCELED);
    cr_expect_eq(co_wait(self, batch.tasks, TASKS, CO_FIRST_DONE, CO_FOREVER), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, result), -ETIMEDOUT);
    for (int i = 0; i < TASKS; i++)
        cr_expect_eq(batch.tasks[i], tasks[i]);
    co_cancel(tasks[1]);
    for (int i = 0; i < TASKS; i++)
        cr_expect_eq(co_join(self, tasks[i]), i == 1 ? -ECANCELED : i);
    batch_end(self, &batch);
}

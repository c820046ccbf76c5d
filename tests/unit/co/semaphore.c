#include "run.h"

#include <haul/co/semaphore.h>

struct holder {
    struct co_semaphore *semaphore;
    int *turns;
    int turn;
    int result;
};

static int takes_a_permit(struct co_task *self, void *argument)
{
    struct holder *holder = argument;

    holder->result = co_semaphore_acquire(self, holder->semaphore);
    holder->turn = ++*holder->turns;
    return 0;
}

static void spawn_holders(struct co_task *self, struct co_group *group, struct holder *holders, int count,
                          struct co_semaphore *semaphore, int *turns)
{
    for (int i = 0; i < count; i++) {
        holders[i] = (struct holder){.semaphore = semaphore, .turns = turns};
        co_spawn(self, group, takes_a_permit, &holders[i]);
    }
    let_others_run(self);
}

CO_TEST(semaphore, gives_as_many_permits_as_it_has)
{
    struct co_semaphore semaphore;

    co_semaphore_init(&semaphore, 3);
    cr_expect_eq(co_semaphore_acquire(self, &semaphore), 0);
    cr_expect_eq(co_semaphore_acquire(self, &semaphore), 0);
    cr_expect(co_semaphore_try(&semaphore));
    cr_expect_not(co_semaphore_try(&semaphore));
    co_semaphore_release(&semaphore);
    cr_expect(co_semaphore_try(&semaphore));
}

CO_TEST(semaphore, serves_in_the_order_of_arrival)
{
    struct co_semaphore semaphore;
    struct holder holders[5];
    struct co_group group;
    int turns = 0;

    co_semaphore_init(&semaphore, 0);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    spawn_holders(self, &group, holders, 5, &semaphore, &turns);
    for (int i = 0; i < 5; i++) {
        cr_expect_eq(turns, i);
        co_semaphore_release(&semaphore);
        let_others_run(self);
        cr_expect_eq(holders[i].turn, i + 1);
    }
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(semaphore, lets_nobody_overtake_one_who_waits)
{
    struct co_semaphore semaphore;
    struct holder holder;
    struct co_group group;
    int turns = 0;

    co_semaphore_init(&semaphore, 0);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    spawn_holders(self, &group, &holder, 1, &semaphore, &turns);
    co_semaphore_release(&semaphore);
    cr_expect_not(co_semaphore_try(&semaphore), "the permit belongs to the waiter before it has run");
    cr_expect_eq(turns, 0);
    let_others_run(self);
    cr_expect_eq(turns, 1);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(semaphore, one_who_is_cancelled_leaves_the_permit_to_the_next)
{
    struct co_semaphore semaphore;
    struct holder holders[2];
    struct co_group group;
    struct co_task *task;
    int turns = 0;

    co_semaphore_init(&semaphore, 0);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    holders[0] = (struct holder){.semaphore = &semaphore, .turns = &turns};
    co_spawn_named(self, &group, NULL, takes_a_permit, &holders[0], &task);
    let_others_run(self);
    spawn_holders(self, &group, &holders[1], 1, &semaphore, &turns);
    co_cancel(task);
    co_semaphore_release(&semaphore);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(holders[0].result, -ECANCELED);
    cr_expect_eq(holders[1].result, 0);
    cr_expect_not(co_semaphore_try(&semaphore));
}

CO_TEST(semaphore, one_who_is_cancelled_after_the_hand_over_has_the_permit)
{
    struct co_semaphore semaphore;
    struct holder holder = {.semaphore = &semaphore};
    struct co_group group;
    struct co_task *task;
    int turns = 0;

    holder.turns = &turns;
    co_semaphore_init(&semaphore, 0);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, takes_a_permit, &holder, &task);
    let_others_run(self);
    co_semaphore_release(&semaphore);
    co_cancel(task);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(holder.result, 0);
}

CO_TEST(semaphore, growing_wakes_as_many_as_it_grows)
{
    struct co_semaphore semaphore;
    struct holder holders[5];
    struct co_group group;
    int turns = 0;

    co_semaphore_init(&semaphore, 0);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    spawn_holders(self, &group, holders, 5, &semaphore, &turns);
    co_semaphore_resize(&semaphore, 3);
    let_others_run(self);
    cr_expect_eq(turns, 3);
    co_semaphore_resize(&semaphore, 3);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(turns, 5);
    cr_expect(co_semaphore_try(&semaphore));
    cr_expect_not(co_semaphore_try(&semaphore));
}

CO_TEST(semaphore, shrunk_below_zero_it_waits_for_permits_to_come_back)
{
    struct co_semaphore semaphore;
    struct holder holder;
    struct co_group group;
    int turns = 0;

    co_semaphore_init(&semaphore, 3);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(co_semaphore_acquire(self, &semaphore), 0);
    co_semaphore_resize(&semaphore, -2);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    spawn_holders(self, &group, &holder, 1, &semaphore, &turns);
    co_semaphore_release(&semaphore);
    co_semaphore_release(&semaphore);
    cr_expect_not(co_semaphore_try(&semaphore));
    let_others_run(self);
    cr_expect_eq(turns, 0);
    co_semaphore_release(&semaphore);
    let_others_run(self);
    cr_expect_eq(turns, 1);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(semaphore, acquiring_when_cancelled_takes_nothing)
{
    struct co_semaphore semaphore;
    struct co_scope scope;

    co_semaphore_init(&semaphore, 1);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_semaphore_acquire(self, &semaphore), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    cr_expect(co_semaphore_try(&semaphore));
}

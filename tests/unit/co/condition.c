#include "run.h"

#include <haul/co/condition.h>

struct place {
    struct co_lock lock;
    struct co_condition condition;
    int turns; /* how many have passed */
};

struct visitor {
    struct place *place;
    int result;
    int turn;
};

static void place_init(struct place *place)
{
    co_lock_init(&place->lock);
    co_condition_init(&place->condition);
    place->turns = 0;
}

static int waits(struct co_task *self, void *argument)
{
    struct visitor *visitor = argument;
    struct place *place = visitor->place;

    cr_expect_eq(co_lock_acquire(self, &place->lock), 0);
    visitor->result = co_condition_wait(self, &place->condition, &place->lock);
    visitor->turn = ++place->turns;
    cr_expect_eq(co_check(self) < 0 ? -EDEADLK : co_lock_acquire(self, &place->lock), -EDEADLK, "it holds the lock");
    co_lock_release(self, &place->lock);
    return 0;
}

#define VISITORS 3

struct visit {
    struct place place;
    struct visitor visitors[VISITORS];
    struct co_task *tasks[VISITORS];
    struct co_group group;
};

/* All of them wait when it returns. */
static void visit_begin(struct co_task *self, struct visit *visit)
{
    place_init(&visit->place);
    co_group_open(self, &visit->group, CO_FAIL_FAST, 0);
    for (int i = 0; i < VISITORS; i++) {
        visit->visitors[i] = (struct visitor){.place = &visit->place, .result = 1};
        co_spawn_named(self, &visit->group, NULL, waits, &visit->visitors[i], &visit->tasks[i]);
    }
    let_others_run(self);
    cr_expect_eq(visit->place.turns, 0);
}

static void visit_end(struct co_task *self, struct visit *visit)
{
    cr_expect_eq(co_group_close(self, &visit->group, 0), 0);
    cr_expect_eq(visit->place.turns, VISITORS);
    cr_expect(co_lock_try(self, &visit->place.lock), "the lock is free in the end");
    co_lock_release(self, &visit->place.lock);
}

CO_TEST(condition, waiting_gives_up_the_lock)
{
    struct visit visit;

    visit_begin(self, &visit);
    cr_expect(co_lock_try(self, &visit.place.lock));
    co_lock_release(self, &visit.place.lock);
    co_condition_notify_all(&visit.place.condition);
    visit_end(self, &visit);
}

CO_TEST(condition, wakes_as_many_as_were_asked_for_in_the_order_they_came)
{
    struct visit visit;

    visit_begin(self, &visit);
    co_condition_notify(&visit.place.condition, 2);
    let_others_run(self);
    cr_expect_eq(visit.place.turns, 2);
    co_condition_notify(&visit.place.condition, 99);
    visit_end(self, &visit);
    for (int i = 0; i < VISITORS; i++)
        cr_expect(visit.visitors[i].result == 0 && visit.visitors[i].turn == i + 1);
}

CO_TEST(condition, notifying_with_nobody_waiting_is_lost)
{
    struct place place;
    struct co_scope scope;

    place_init(&place);
    co_condition_notify_all(&place.condition);
    co_lock_acquire(self, &place.lock);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_scope_end(self, &scope, co_condition_wait(self, &place.condition, &place.lock)), -ETIMEDOUT);
    co_lock_release(self, &place.lock);
}

CO_TEST(condition, a_woken_task_waits_for_the_lock)
{
    struct visit visit;

    visit_begin(self, &visit);
    co_lock_acquire(self, &visit.place.lock);
    co_condition_notify_all(&visit.place.condition);
    let_others_run(self);
    cr_expect_eq(visit.place.turns, 0);
    co_lock_release(self, &visit.place.lock);
    visit_end(self, &visit);
}

CO_TEST(condition, a_cancelled_wait_returns_holding_the_lock)
{
    struct visit visit;

    visit_begin(self, &visit);
    co_cancel(visit.tasks[1]);
    let_others_run(self);
    cr_expect_eq(visit.visitors[1].result, -ECANCELED);
    cr_expect_eq(visit.place.turns, 1);
    co_condition_notify_all(&visit.place.condition);
    visit_end(self, &visit);
    cr_expect(visit.visitors[0].result == 0 && visit.visitors[2].result == 0);
}

CO_TEST(condition, a_cancelled_wait_waits_for_the_lock_too)
{
    struct visit visit;

    visit_begin(self, &visit);
    co_lock_acquire(self, &visit.place.lock);
    co_cancel(visit.tasks[0]);
    co_cancel(visit.tasks[0]);
    let_others_run(self);
    cr_expect_eq(visit.place.turns, 0);
    co_condition_notify(&visit.place.condition, 1);
    co_lock_release(self, &visit.place.lock);
    let_others_run(self);
    cr_expect_eq(visit.visitors[0].result, -ECANCELED);
    cr_expect_eq(visit.visitors[1].result, 0, "the cancelled one took no notification");
    co_condition_notify_all(&visit.place.condition);
    visit_end(self, &visit);
}

CO_TEST(condition, a_notification_that_came_before_the_cancel_gives_0)
{
    struct visit visit;

    visit_begin(self, &visit);
    co_lock_acquire(self, &visit.place.lock);
    co_condition_notify(&visit.place.condition, 1);
    co_cancel(visit.tasks[0]);
    let_others_run(self);
    cr_expect_eq(visit.place.turns, 0);
    co_lock_release(self, &visit.place.lock);
    let_others_run(self);
    cr_expect_eq(visit.visitors[0].result, 0);
    co_condition_notify_all(&visit.place.condition);
    visit_end(self, &visit);
}

CO_TEST(condition, a_cancelled_task_does_not_give_up_the_lock)
{
    struct place place;
    struct co_scope scope;

    place_init(&place);
    co_lock_acquire(self, &place.lock);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_condition_wait(self, &place.condition, &place.lock), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    cr_expect_eq(co_lock_acquire(self, &place.lock), -EDEADLK);
    co_lock_release(self, &place.lock);
}

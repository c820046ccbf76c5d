#include "run.h"

#include <haul/co/event.h>

struct expectation {
    struct co_event event;
    int arrived;
};

static int expects(struct co_task *self, void *argument)
{
    struct expectation *expectation = argument;
    int result = co_event_wait(self, &expectation->event);

    expectation->arrived += result == 0;
    return result;
}

CO_TEST(event, wakes_all_who_wait)
{
    struct expectation expectation = {.arrived = 0};
    struct co_group group;

    co_event_init(&expectation.event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 5; i++)
        co_spawn(self, &group, expects, &expectation);
    let_others_run(self);
    cr_expect_eq(expectation.arrived, 0);
    co_event_set(&expectation.event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(expectation.arrived, 5);
}

CO_TEST(event, does_not_make_wait_while_it_is_set)
{
    struct co_event event;

    co_event_init(&event);
    cr_expect_not(co_event_is_set(&event));
    co_event_set(&event);
    cr_expect(co_event_is_set(&event));
    cr_expect_eq(co_event_wait(self, &event), 0);
    cr_expect_eq(co_event_wait(self, &event), 0);
}

CO_TEST(event, cleared_makes_wait_again)
{
    struct expectation expectation = {.arrived = 0};
    struct co_group group;

    co_event_init(&expectation.event);
    co_event_set(&expectation.event);
    co_event_clear(&expectation.event);
    cr_expect_not(co_event_is_set(&expectation.event));
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, expects, &expectation);
    let_others_run(self);
    cr_expect_eq(expectation.arrived, 0);
    co_event_set(&expectation.event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

/* The waiters were woken by the setting; clearing comes too late for them. */
CO_TEST(event, set_and_cleared_at_once_still_wakes)
{
    struct expectation expectation = {.arrived = 0};
    struct co_group group;

    co_event_init(&expectation.event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, expects, &expectation);
    let_others_run(self);
    co_event_set(&expectation.event);
    co_event_clear(&expectation.event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(expectation.arrived, 1);
}

CO_TEST(event, waiting_can_be_cancelled)
{
    struct co_event event;
    struct co_scope scope;

    co_event_init(&event);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_event_wait(self, &event), -ECANCELED);
    co_event_set(&event);
    cr_expect_eq(co_event_wait(self, &event), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
}

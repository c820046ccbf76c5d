#include "run.h"

#include <haul/co/callback.h>
#include <haul/co/waiter.h>

#include <stdlib.h>

static int waits(struct co_task *self, void *argument)
{
    (void)argument;
    return co_sleep(self, CO_SECONDS(60));
}

static int returns_argument(struct co_task *self, void *argument)
{
    (void)self;
    return *(int *)argument;
}

/* A row of the table in scope.h. */
struct row {
    int body;
    bool cancelled, by_deadline, outer_cancelled;
    int gives;
};

static void try_row(struct co_task *self, const struct row *row)
{
    struct co_scope outer, scope;
    int result;

    co_scope_begin(self, &outer, CO_FOREVER);
    co_scope_begin(self, &scope, row->by_deadline ? co_now() - 1 : CO_FOREVER);
    if (row->cancelled && !row->by_deadline)
        co_scope_cancel(&scope);
    if (row->outer_cancelled)
        co_scope_cancel(&outer);
    result = co_scope_end(self, &scope, row->body);
    cr_expect_eq(result, row->gives, "body %d, cancelled %d by deadline %d, outer %d: %d, not %d", row->body,
                 row->cancelled, row->by_deadline, row->outer_cancelled, result, row->gives);
    cr_expect_eq(co_check(self), row->outer_cancelled ? -ECANCELED : 0);
    co_scope_end(self, &outer, 0);
}

CO_TEST(scope, ends_as_its_table_says)
{
    static const int bodies[] = {0, 5, -EIO, -ETIMEDOUT};
    static const struct row cancelled_bodies[] = {
        {-ECANCELED, false, false, false, -ECANCELED}, {-ECANCELED, false, false, true, -ECANCELED},
        {-ECANCELED, true, false, true, -ECANCELED},   {-ECANCELED, true, true, true, -ECANCELED},
        {-ECANCELED, true, true, false, -ETIMEDOUT},   {-ECANCELED, true, false, false, 0},
    };

    for (size_t i = 0; i < sizeof cancelled_bodies / sizeof cancelled_bodies[0]; i++)
        try_row(self, &cancelled_bodies[i]);
    for (int i = 0; i < 4 * 8; i++) {
        bool cancelled = i & 4, by_deadline = cancelled && (i & 8), outer = i & 16;

        try_row(self, &(struct row){bodies[i % 4], cancelled, by_deadline, outer, bodies[i % 4]});
    }
}

CO_TEST(scope, fails_every_await_until_it_ends)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    co_scope_cancel(&scope);
    for (int i = 0; i < 3; i++)
        cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    cr_expect_eq(co_sleep(self, 1), 0);
}

CO_TEST(scope, a_deadline_interrupts_a_wait)
{
    int64_t start = co_now();
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(10)));
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
    cr_expect(co_now() - start >= CO_MILLISECONDS(10) && co_now() - start < CO_SECONDS(10));
}

CO_TEST(scope, a_deadline_that_has_passed_fails_the_first_await)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_now());
    cr_expect_eq(co_yield_now(self), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
}

CO_TEST(scope, ending_stops_its_deadline)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_scope_end(self, &scope, 0), 0);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
}

CO_TEST(scope, a_deadline_can_be_moved_and_lifted)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    co_scope_set_deadline(&scope, CO_FOREVER);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    co_scope_set_deadline(&scope, co_after(CO_SECONDS(60)));
    co_scope_set_deadline(&scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
}

CO_TEST(scope, cancelled_by_hand_before_its_deadline_was_cancelled_by_hand)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    co_scope_cancel(&scope);
    while (co_now() < scope.timer.moment)
        continue;
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
}

CO_TEST(scope, an_inner_one_does_not_absorb_the_cancel_of_the_outer)
{
    struct co_scope outer, inner;

    co_scope_begin(self, &outer, CO_FOREVER);
    co_scope_begin(self, &inner, CO_FOREVER);
    co_scope_cancel(&outer);
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &inner, -ECANCELED), -ECANCELED);
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &outer, -ECANCELED), 0);
}

CO_TEST(scope, begun_inside_a_cancelled_one_is_cancelled)
{
    struct co_scope outer, inner;

    co_scope_begin(self, &outer, CO_FOREVER);
    co_scope_cancel(&outer);
    co_scope_begin(self, &inner, CO_FOREVER);
    cr_expect_eq(co_check(self), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &inner, -ECANCELED), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &outer, -ECANCELED), 0);
}

CO_TEST(scope, shielded_one_is_not_reached_from_outside)
{
    struct co_scope outer, shielded, inner;

    co_scope_begin(self, &outer, co_after(CO_MILLISECONDS(1)));
    co_scope_begin_shielded(self, &shielded, CO_FOREVER);
    co_scope_begin(self, &inner, CO_FOREVER);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(10)), 0);
    co_scope_cancel(&outer);
    cr_expect_eq(co_check(self), 0);
    cr_expect_eq(co_scope_end(self, &inner, 0), 0);
    cr_expect_eq(co_scope_end(self, &shielded, 0), 0);
    cr_expect_eq(co_check(self), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &outer, -ECANCELED), -ETIMEDOUT);
}

CO_TEST(scope, shielded_one_begun_after_the_cancel_lets_clean_ups_wait)
{
    struct co_scope outer, shielded;

    co_scope_begin(self, &outer, CO_FOREVER);
    co_scope_cancel(&outer);
    co_scope_begin_shielded(self, &shielded, co_after(CO_SECONDS(60)));
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(1)), 0);
    cr_expect_eq(co_scope_end(self, &shielded, 0), 0);
    cr_expect_eq(co_scope_end(self, &outer, -ECANCELED), 0);
}

CO_TEST(scope, shielded_one_obeys_its_own_deadline_and_cancel)
{
    struct co_scope scope;

    co_scope_begin_shielded(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
}

struct cancelling {
    struct co_scope scope;
    struct co_waiter waiter;
};

struct called_back {
    struct co_scope scope;
    struct co_callback callback;
};

static int cancels(struct co_task *self, void *argument)
{
    struct cancelling *cancelling = argument;

    (void)self;
    co_scope_cancel(&cancelling->scope);
    return 0;
}

CO_TEST(scope, another_task_can_cancel_it)
{
    struct cancelling cancelling;
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_scope_begin(self, &cancelling.scope, CO_FOREVER);
    co_spawn(self, &group, cancels, &cancelling);
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &cancelling.scope, -ECANCELED), 0);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static void on_cancelling(struct co_callback *callback)
{
    co_scope_cancel(&LIST_MEMBER(callback, struct called_back, callback)->scope);
}

CO_TEST(scope, a_callback_can_cancel_it)
{
    struct called_back back = {.callback.function = on_cancelling};

    co_scope_begin(self, &back.scope, CO_FOREVER);
    co_call_soon(co_task_runtime(self), &back.callback);
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &back.scope, -ECANCELED), 0);
}

static int moves_the_deadline(struct co_task *self, void *scope)
{
    (void)self;
    co_scope_set_deadline(scope, co_after(CO_MILLISECONDS(1)));
    return 0;
}

CO_TEST(scope, another_task_can_move_its_deadline)
{
    struct co_scope scope;
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_spawn(self, &group, moves_the_deadline, &scope);
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static int wakes_then_cancels(struct co_task *self, void *argument)
{
    struct cancelling *cancelling = argument;

    (void)self;
    cr_expect(co_wake(&cancelling->waiter, 5));
    co_scope_cancel(&cancelling->scope);
    return 0;
}

CO_TEST(scope, an_await_that_had_happened_stays_happened)
{
    struct cancelling cancelling;
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_scope_begin(self, &cancelling.scope, CO_FOREVER);
    co_spawn(self, &group, wakes_then_cancels, &cancelling);
    co_waiter_init(&cancelling.waiter, self, "a test", co_abort_now);
    cr_expect_eq(co_park(self, &cancelling.waiter), 5);
    cr_expect_eq(co_check(self), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &cancelling.scope, -ECANCELED), 0);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(scope, timeout_gives_the_result_or_says_that_time_ran_out)
{
    int result = 3;

    cr_expect_eq(co_timeout(self, CO_SECONDS(60), returns_argument, &result), 3);
    cr_expect_eq(co_timeout(self, CO_MILLISECONDS(1), waits, NULL), -ETIMEDOUT);
    cr_expect_eq(co_timeout(self, 0, waits, NULL), -ETIMEDOUT);
    cr_expect_eq(co_timeout(self, 0, returns_argument, &result), 3);
}

static int times_out_inside(struct co_task *self, void *argument)
{
    (void)argument;
    return co_timeout(self, CO_SECONDS(60), waits, NULL);
}

CO_TEST(scope, the_outer_of_two_timeouts_can_be_the_shorter)
{
    cr_expect_eq(co_timeout(self, CO_MILLISECONDS(1), times_out_inside, NULL), -ETIMEDOUT);
}

CO_TEST(scope, a_cancel_reaches_a_hundred_thousand_nested_ones)
{
    enum { COUNT = 100000 };
    struct co_scope *scopes = calloc(COUNT, sizeof *scopes);

    for (int i = 0; i < COUNT; i++)
        co_scope_begin(self, &scopes[i], CO_FOREVER);
    co_scope_cancel(&scopes[1]);
    cr_expect_eq(co_check(self), -ECANCELED);
    for (int i = COUNT - 1; i > 1; i--)
        co_scope_end(self, &scopes[i], 0);
    cr_expect_eq(co_scope_end(self, &scopes[1], -ECANCELED), 0);
    cr_expect_eq(co_check(self), 0);
    cr_expect_eq(co_scope_end(self, &scopes[0], 0), 0);
    free(scopes);
}

static int sleeps_a_little(struct co_task *self, void *unused)
{
    (void)unused;
    return co_sleep(self, CO_MILLISECONDS(5));
}

CO_TEST(scope, a_shielded_call_runs_to_its_end_inside_a_cancelled_scope)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_shield(self, CO_SECONDS(5), sleeps_a_little, NULL), 0);
    cr_expect_eq(co_check(self), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
}

CO_TEST(scope, a_shielded_call_gives_up_at_its_own_deadline)
{
    cr_expect_eq(co_shield(self, CO_MICROSECONDS(100), sleeps_a_little, NULL), -ETIMEDOUT);
    cr_expect_eq(co_check(self), 0);
}

CO_TEST(scope, cancelled_twice_is_cancelled_once)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    co_scope_cancel(&scope);
    cr_expect_eq(co_yield_now(self), -ECANCELED);
    co_scope_cancel(&scope);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    cr_expect_eq(co_yield_now(self), 0);
}

static int times_out_by_itself(struct co_task *self, void *unused)
{
    (void)self, (void)unused;
    return -ETIMEDOUT;
}

CO_TEST(scope, tells_its_own_timeout_from_that_of_its_body)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_not(co_scope_expired(&scope));
    cr_expect_eq(co_scope_end(self, &scope, waits(self, NULL)), -ETIMEDOUT);
    cr_expect(co_scope_expired(&scope));
    co_scope_begin(self, &scope, co_after(CO_SECONDS(60)));
    cr_expect_eq(co_scope_end(self, &scope, times_out_by_itself(self, NULL)), -ETIMEDOUT);
    cr_expect_not(co_scope_expired(&scope));
}

CO_TEST(scope, moving_the_deadline_of_a_cancelled_scope_does_not_revive_it)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_now());
    cr_expect_eq(co_check(self), -ECANCELED);
    co_scope_set_deadline(&scope, co_after(CO_SECONDS(60)));
    cr_expect_eq(co_check(self), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
}

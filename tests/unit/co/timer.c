#include "run.h"

CO_TEST(timer, sleeping_is_late_but_never_early)
{
    for (int i = 0; i < 20; i++) {
        int64_t duration = CO_MICROSECONDS(100 * i), start = co_now();

        cr_expect_eq(co_sleep(self, duration), 0);
        cr_expect_geq(co_now() - start, duration);
    }
}

CO_TEST(timer, a_moment_in_the_past_is_met_at_once)
{
    int64_t start = co_now();

    cr_expect_eq(co_sleep_until(self, start - CO_SECONDS(5)), 0);
    cr_expect_eq(co_sleep(self, 0), 0);
    cr_expect_eq(co_sleep(self, -1), 0);
    cr_expect_lt(co_now() - start, CO_SECONDS(1));
}

Test(timer, after_saturates_at_forever)
{
    cr_assert_eq(co_after(CO_FOREVER), CO_FOREVER);
    cr_assert_eq(co_after(CO_FOREVER - 1), CO_FOREVER);
    cr_assert_lt(co_after(CO_SECONDS(1)), CO_FOREVER);
}

CO_TEST(timer, sleeping_can_be_cancelled)
{
    int64_t start = co_now();
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(5)));
    cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
    cr_expect_eq(co_sleep(self, 0), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
    cr_expect_lt(co_now() - start, CO_SECONDS(5));
}

struct alarm {
    struct co_timer timer;
    int *clock; /* counts expiries */
    int expired_as;
};

static void on_alarm(struct co_timer *timer)
{
    struct alarm *alarm = LIST_MEMBER(timer, struct alarm, timer);

    alarm->expired_as = ++*alarm->clock;
}

CO_TEST(timer, timers_expire_in_order_of_moment_then_of_start)
{
    static const int moments[] = {5, 3, 9, 3, 1, 7, 5, 0, 9, 3};
    static const int order[] = {6, 3, 9, 4, 2, 8, 7, 1, 10, 5};
    struct alarm alarms[10] = {0};
    int64_t base = co_now() + CO_MILLISECONDS(2);
    int clock = 0;

    for (int i = 0; i < 10; i++) {
        alarms[i] = (struct alarm){.timer.on_expire = on_alarm, .clock = &clock};
        co_timer_start(co_task_runtime(self), &alarms[i].timer, base + CO_MILLISECONDS(moments[i]));
    }
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(20)), 0);
    for (int i = 0; i < 10; i++)
        cr_expect_eq(alarms[i].expired_as, order[i], "alarm %d came as number %d", i, alarms[i].expired_as);
}

CO_TEST(timer, can_be_stopped_and_moved)
{
    struct co_runtime *runtime = co_task_runtime(self);
    int clock = 0;
    struct alarm stopped = {.timer.on_expire = on_alarm, .clock = &clock};
    struct alarm moved = stopped, never = stopped;

    co_timer_stop(runtime, &never.timer);
    co_timer_start(runtime, &stopped.timer, co_after(CO_MILLISECONDS(1)));
    co_timer_start(runtime, &moved.timer, co_after(CO_SECONDS(60)));
    co_timer_start(runtime, &moved.timer, co_after(CO_MILLISECONDS(1)));
    co_timer_stop(runtime, &stopped.timer);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    cr_expect_eq(stopped.expired_as, 0);
    cr_expect_eq(moved.expired_as, 1);
    cr_expect_eq(never.expired_as, 0);
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static bool are_in_order(const struct alarm *a, const struct alarm *b)
{
    if (!a->expired_as || !b->expired_as || a->timer.moment >= b->timer.moment)
        return true;
    return a->expired_as < b->expired_as;
}

/* Against the heap: any of them is stopped while the others stay in order. */
CO_TEST(timer, many_started_and_stopped_at_random_keep_their_order)
{
    enum { COUNT = 500 };
    static struct alarm alarms[COUNT];
    struct co_runtime *runtime = co_task_runtime(self);
    int64_t base = co_now() + CO_MILLISECONDS(5);
    uint64_t seed = 11;
    int clock = 0, expired = 0, disordered = 0;

    for (int i = 0; i < COUNT; i++) {
        alarms[i] = (struct alarm){.timer.on_expire = on_alarm, .clock = &clock};
        co_timer_start(runtime, &alarms[i].timer, base + (int64_t)(next_random(&seed) % 100) * 10000);
    }
    for (int i = 0; i < COUNT; i += 2)
        co_timer_stop(runtime, &alarms[next_random(&seed) % COUNT].timer);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(20)), 0);
    for (int i = 0; i < COUNT; i++) {
        expired += alarms[i].expired_as > 0;
        for (int j = 0; j < COUNT; j++)
            disordered += !are_in_order(&alarms[i], &alarms[j]);
    }
    cr_expect_eq(disordered, 0);
    cr_expect_eq(expired, clock);
    cr_expect(expired > COUNT / 2 && expired < COUNT);
}

struct repeating {
    struct co_timer timer;
    struct co_runtime *runtime;
    int left;
};

static void on_repeating(struct co_timer *timer)
{
    struct repeating *repeating = LIST_MEMBER(timer, struct repeating, timer);

    if (--repeating->left > 0)
        co_timer_start(repeating->runtime, timer, co_now());
}

CO_TEST(timer, one_that_starts_itself_again_lets_tasks_run_between)
{
    struct repeating repeating = {.timer.on_expire = on_repeating, .runtime = co_task_runtime(self), .left = 1000};

    co_timer_start(repeating.runtime, &repeating.timer, co_now());
    cr_expect_eq(co_sleep_until(self, 0), 0);
    cr_expect_gt(repeating.left, 0);
    co_timer_stop(repeating.runtime, &repeating.timer);
}

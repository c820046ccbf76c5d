#include "run.h"

#include <haul/co/lock.h>

struct section {
    struct co_lock lock;
    int inside, entered;
    bool crowded;
    char order[8];
};

static int enters(struct co_task *self, void *argument)
{
    struct section *section = argument;
    int result = co_lock_acquire(self, &section->lock);

    if (result < 0)
        return result;
    section->crowded |= section->inside++ > 0;
    section->order[section->entered++] = co_task_name(self)[0];
    let_others_run(self);
    section->inside--;
    co_lock_release(self, &section->lock);
    return 0;
}

CO_TEST(lock, lets_one_in_at_a_time_in_the_order_of_arrival)
{
    struct section section = {.entered = 0};
    struct co_group group;

    co_lock_init(&section.lock);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "a", enters, &section, NULL);
    co_spawn_named(self, &group, "b", enters, &section, NULL);
    co_spawn_named(self, &group, "c", enters, &section, NULL);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_not(section.crowded);
    cr_expect_str_eq(section.order, "abc");
}

CO_TEST(lock, acquiring_it_twice_is_a_deadlock)
{
    struct co_lock lock;

    co_lock_init(&lock);
    cr_expect_eq(co_lock_acquire(self, &lock), 0);
    cr_expect_eq(co_lock_acquire(self, &lock), -EDEADLK);
    cr_expect_not(co_lock_try(self, &lock));
    co_lock_release(self, &lock);
    cr_expect(co_lock_try(self, &lock));
    co_lock_release(self, &lock);
}

CO_TEST(lock, goes_straight_to_the_one_who_waits)
{
    struct section section = {.entered = 0};
    struct co_group group;

    co_lock_init(&section.lock);
    co_lock_acquire(self, &section.lock);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "w", enters, &section, NULL);
    let_others_run(self);
    co_lock_release(self, &section.lock);
    cr_expect_not(co_lock_try(self, &section.lock));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_str_eq(section.order, "w");
}

CO_TEST(lock, one_who_is_cancelled_does_not_get_it)
{
    struct section section = {.entered = 0};
    struct co_group group;
    struct co_task *task;

    co_lock_init(&section.lock);
    co_lock_acquire(self, &section.lock);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "c", enters, &section, &task);
    co_spawn_named(self, &group, "w", enters, &section, NULL);
    let_others_run(self);
    co_cancel(task);
    co_lock_release(self, &section.lock);
    cr_expect_eq(co_join(self, task), -ECANCELED);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_str_eq(section.order, "w");
    cr_expect(co_lock_try(self, &section.lock));
}

/* It does hold the lock, and must release it, though its next await fails. */
CO_TEST(lock, one_who_is_cancelled_after_the_hand_over_owns_it)
{
    struct section section = {.entered = 0};
    struct co_group group;
    struct co_task *task;

    co_lock_init(&section.lock);
    co_lock_acquire(self, &section.lock);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "c", enters, &section, &task);
    let_others_run(self);
    co_lock_release(self, &section.lock);
    co_cancel(task);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_str_eq(section.order, "c");
    cr_expect(co_lock_try(self, &section.lock));
}

static int releases(struct co_task *self, void *lock)
{
    co_lock_release(self, lock);
    return 0;
}

static int lets_another_release(struct co_task *self, void *lock)
{
    struct co_group group;

    co_lock_init(lock);
    co_lock_acquire(self, lock);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, releases, lock);
    return co_group_close(self, &group, 0);
}

Test(lock, aborts_when_released_by_another, .signal = SIGABRT)
{
    struct co_lock lock;

    co_run(lets_another_release, &lock, NULL);
}

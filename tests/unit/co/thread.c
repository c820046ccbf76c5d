#include "run.h"

#include <haul/co/thread.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct labour {
    pthread_t thread;
    atomic_bool begun, may_end, was_told;
};

static int notes_its_thread(void *argument, const struct co_token *token)
{
    struct labour *labour = argument;

    cr_expect_not(co_token_cancelled(token));
    labour->thread = pthread_self();
    return 42;
}

CO_TEST(thread, work_runs_on_another_thread_and_gives_its_result)
{
    struct labour labour = {.thread = pthread_self()};

    cr_expect_eq(co_to_thread(self, notes_its_thread, &labour), 42);
    cr_expect_not(pthread_equal(labour.thread, pthread_self()));
}

static int naps(void *argument, const struct co_token *token)
{
    (void)argument, (void)token;
    usleep(200000);
    return 0;
}

static int waits_for_a_nap(struct co_task *self, void *argument)
{
    (void)argument;
    return co_to_thread(self, naps, NULL);
}

CO_TEST(thread, others_run_meanwhile)
{
    struct co_group group;
    struct co_task *task;
    int turns = 0;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, waits_for_a_nap, NULL, &task);
    for (; co_task_state(task) == CO_PENDING; turns++)
        co_sleep(self, CO_MILLISECONDS(1));
    cr_expect_gt(turns, 1);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static int works_until_told(void *argument, const struct co_token *token)
{
    struct labour *labour = argument;

    atomic_store(&labour->begun, true);
    while (!co_token_cancelled(token) && !atomic_load(&labour->may_end))
        usleep(100);
    atomic_store(&labour->was_told, co_token_cancelled(token));
    return 7;
}

static int sends_to_thread(struct co_task *self, void *labour)
{
    return co_to_thread(self, works_until_told, labour);
}

static int sends_to_thread_shielded(struct co_task *self, void *labour)
{
    return co_to_thread_shielded(self, works_until_told, labour);
}

static void wait_until_begun(struct co_task *self, struct labour *labour)
{
    while (!atomic_load(&labour->begun))
        co_sleep(self, CO_MILLISECONDS(1));
}

CO_TEST(thread, work_that_has_begun_is_told_and_waited_for)
{
    struct labour labour = {.begun = false};
    struct co_group group;
    struct co_task *task;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, sends_to_thread, &labour, &task);
    wait_until_begun(self, &labour);
    co_cancel(task);
    cr_expect_eq(co_join(self, task), 7);
    cr_expect(atomic_load(&labour.was_told));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(thread, shielded_work_is_not_told)
{
    struct labour labour = {.begun = false};
    struct co_group group;
    struct co_task *task;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, sends_to_thread_shielded, &labour, &task);
    wait_until_begun(self, &labour);
    co_cancel(task);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    cr_expect_eq(co_task_state(task), CO_PENDING);
    atomic_store(&labour.may_end, true);
    cr_expect_eq(co_join(self, task), 7);
    cr_expect_not(atomic_load(&labour.was_told));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static void use_one_thread(void)
{
    setenv("UV_THREADPOOL_SIZE", "1", 1);
}

static int keeps_the_thread_busy(struct co_task *self, void *unused)
{
    struct labour first = {.begun = false}, second = {.begun = false};
    struct co_group group;
    struct co_task *task;

    (void)unused;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, sends_to_thread, &first);
    wait_until_begun(self, &first);
    co_spawn_named(self, &group, NULL, sends_to_thread, &second, &task);
    co_yield_now(self);
    co_cancel(task);
    cr_expect_eq(co_join(self, task), -ECANCELED);
    atomic_store(&first.may_end, true);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_not(atomic_load(&second.begun));
    return 0;
}

Test(thread, work_that_has_not_begun_never_does_when_cancelled, .init = use_one_thread, .timeout = 60)
{
    cr_assert_eq(co_run(keeps_the_thread_busy, NULL, NULL), 0);
}

CO_TEST(thread, a_cancelled_task_sends_only_shielded_work)
{
    struct labour labour = {.may_end = true};
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_to_thread(self, works_until_told, &labour), -ECANCELED);
    cr_expect_not(atomic_load(&labour.begun));
    cr_expect_eq(co_to_thread_shielded(self, works_until_told, &labour), 7);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
}

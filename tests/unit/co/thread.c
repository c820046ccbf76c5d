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

/* On the heap, with the flags elsewhere: what the work may touch when its caller has gone. */
struct parcel {
    atomic_bool *begun, *may_end;
    int result;
    int *dropped;
};

static int carries(void *argument, const struct co_token *token)
{
    struct parcel *parcel = argument;

    (void)token;
    atomic_store(parcel->begun, true);
    while (!atomic_load(parcel->may_end))
        usleep(100);
    return parcel->result;
}

static pthread_t loops_thread;

static void drop_parcel(void *parcel)
{
    cr_expect(pthread_equal(pthread_self(), loops_thread));
    ++*((struct parcel *)parcel)->dropped;
    free(parcel);
}

struct delivery {
    atomic_bool begun, may_end;
    int result, dropped;
};

static struct parcel *parcel_of(struct delivery *delivery)
{
    struct parcel *parcel = malloc(sizeof *parcel);

    *parcel = (struct parcel){&delivery->begun, &delivery->may_end, delivery->result, &delivery->dropped};
    return parcel;
}

static int delivers(struct co_task *self, void *argument)
{
    struct parcel *parcel = parcel_of(argument);
    int result;

    loops_thread = pthread_self();
    result = co_to_thread_abandon(self, carries, parcel, drop_parcel);

    if (result != -ECANCELED)
        free(parcel);
    return result;
}

CO_TEST(thread, an_abandonable_call_gives_its_result_and_drops_nothing)
{
    struct delivery delivery = {.may_end = true, .result = 9};

    cr_expect_eq(delivers(self, &delivery), 9);
    delivery.result = -EIO;
    cr_expect_eq(delivers(self, &delivery), -EIO);
    cr_expect_eq(delivery.dropped, 0);
}

CO_TEST(thread, abandoned_work_is_not_waited_for_and_its_argument_dropped_when_it_ends)
{
    struct delivery delivery = {.may_end = false};

    cr_expect_eq(co_timeout(self, CO_MILLISECONDS(300), delivers, &delivery), -ETIMEDOUT);
    cr_expect(atomic_load(&delivery.begun));
    cr_expect_eq(delivery.dropped, 0);
    atomic_store(&delivery.may_end, true);
    for (int64_t begun = co_now(); delivery.dropped == 0 && co_now() - begun < CO_SECONDS(10);)
        co_sleep(self, CO_MILLISECONDS(1));
    cr_expect_eq(delivery.dropped, 1);
}

CO_TEST(thread, work_that_says_cancelled_itself_has_its_argument_dropped)
{
    struct delivery delivery = {.may_end = true, .result = -ECANCELED};

    cr_expect_eq(delivers(self, &delivery), -ECANCELED);
    cr_expect_eq(delivery.dropped, 1);
}

CO_TEST(thread, a_cancelled_task_sends_nothing_to_abandon_and_drops_it)
{
    struct delivery delivery = {.may_end = true};
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_scope_end(self, &scope, delivers(self, &delivery)), 0);
    cr_expect_not(atomic_load(&delivery.begun));
    cr_expect_eq(delivery.dropped, 1);
}

static atomic_bool abandoned;

static int abandons(struct co_task *self, void *delivery)
{
    cr_expect_eq(co_timeout(self, CO_MILLISECONDS(20), delivers, delivery), -ETIMEDOUT);
    atomic_store(&abandoned, true);
    return 0;
}

static void *lets_it_end(void *delivery)
{
    while (!atomic_load(&abandoned))
        usleep(1000);
    usleep(50000);
    atomic_store(&((struct delivery *)delivery)->may_end, true);
    return NULL;
}

Test(thread, abandoned_work_has_ended_before_co_run_returns, .timeout = 60)
{
    struct delivery delivery = {.may_end = false};
    pthread_t thread;

    cr_assert_eq(pthread_create(&thread, NULL, lets_it_end, &delivery), 0);
    cr_assert_eq(co_run(abandons, &delivery, NULL), 0);
    cr_expect_eq(delivery.dropped, 1);
    pthread_join(thread, NULL);
}

static int abandons_what_has_not_begun(struct co_task *self, void *unused)
{
    struct labour busy = {.begun = false};
    struct delivery delivery = {.may_end = true};
    struct co_group group;

    (void)unused;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, sends_to_thread, &busy);
    wait_until_begun(self, &busy);
    cr_expect_eq(co_timeout(self, CO_MILLISECONDS(1), delivers, &delivery), -ETIMEDOUT);
    co_sleep(self, CO_MILLISECONDS(5));
    cr_expect_eq(delivery.dropped, 1);
    atomic_store(&busy.may_end, true);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_not(atomic_load(&delivery.begun));
    return 0;
}

Test(thread, work_that_is_abandoned_before_it_begins_never_does, .init = use_one_thread, .timeout = 60)
{
    cr_assert_eq(co_run(abandons_what_has_not_begun, NULL, NULL), 0);
}

Test(thread, no_token_is_not_cancelled)
{
    cr_assert_not(co_token_cancelled(NULL));
}

static atomic_bool abandoned_work_may_end;

static int touches_nothing_of_its_callers(void *argument, const struct co_token *token)
{
    (void)argument, (void)token;
    while (!atomic_load(&abandoned_work_may_end))
        usleep(100);
    return 0;
}

static int abandons_without_a_drop(struct co_task *self, void *unused)
{
    return co_to_thread_abandon(self, touches_nothing_of_its_callers, unused, NULL);
}

CO_TEST(thread, abandoned_work_may_have_nothing_to_drop)
{
    struct co_scope scope;

    cr_expect_eq(co_timeout(self, CO_MILLISECONDS(10), abandons_without_a_drop, NULL), -ETIMEDOUT);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_scope_end(self, &scope, abandons_without_a_drop(self, NULL)), 0);
    atomic_store(&abandoned_work_may_end, true);
}

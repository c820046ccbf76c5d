#include "child.h"

#include <haul/co/event.h>
#include <haul/co/signal.h>

#include <pthread.h>
#include <stdatomic.h>

#define SIGNAL_TEST(name)                                                                                              \
    static int run_##name(struct co_task *self, void *unused);                                                         \
    Test(signal, name)                                                                                                 \
    {                                                                                                                  \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
    }                                                                                                                  \
    static int run_##name(struct co_task *self, void *unused __attribute__((unused)))

static struct co_signal *open_signal(struct co_task *self)
{
    struct co_signal *signal = NULL;

    cr_assert_eq(co_signal_open(co_task_runtime(self), SIGUSR1, &signal), 0);
    return signal;
}

static int wait_for_signal(struct co_task *self, void *signal)
{
    return co_signal_wait(self, signal);
}

static int raise_soon(struct co_task *self, void *unused)
{
    (void)unused;
    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    return raise(SIGUSR1);
}

SIGNAL_TEST(wakes_the_task_that_waits)
{
    struct co_signal *signal = open_signal(self);
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_assert_eq(co_spawn(self, &group, raise_soon, NULL), 0);
    cr_assert_eq(co_signal_wait(self, signal), 0);
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    co_signal_close(signal);
    return 0;
}

SIGNAL_TEST(remembers_an_arrival_for_the_next_wait_only)
{
    struct co_signal *signal = open_signal(self);

    cr_assert_eq(raise(SIGUSR1), 0);
    cr_assert_eq(co_signal_wait(self, signal), 0);
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(5), wait_for_signal, signal), -ETIMEDOUT);
    cr_assert_eq(raise(SIGUSR1), 0);
    cr_assert_eq(co_signal_wait(self, signal), 0);
    co_signal_close(signal);
    return 0;
}

SIGNAL_TEST(does_what_it_used_to_once_closed)
{
    struct co_signal *signal = open_signal(self);
    struct sigaction action;

    cr_assert_eq(sigaction(SIGUSR1, NULL, &action), 0);
    cr_assert_neq(action.sa_handler, SIG_DFL);
    co_signal_close(signal);
    co_signal_close(NULL);
    cr_assert_eq(sigaction(SIGUSR1, NULL, &action), 0);
    cr_assert_eq(action.sa_handler, SIG_DFL);
    return 0;
}

SIGNAL_TEST(refuses_what_is_no_signal)
{
    struct co_signal *signal = NULL;

    cr_assert_eq(co_signal_open(co_task_runtime(self), 0, &signal), -EINVAL);
    cr_assert_eq(co_signal_open(co_task_runtime(self), SIGKILL, &signal), -EINVAL);
    cr_assert_null(signal);
    return 0;
}

static int waits_for_a_signal_and_for_nothing(struct co_task *self, void *stands_by)
{
    struct co_signal *signal = open_signal(self);
    struct co_event event;
    struct co_group group;
    int result;

    co_event_init(&event);
    if (*(bool *)stands_by)
        co_signal_stand_by(signal);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, wait_for_signal, signal);
    co_yield_now(self);
    alarm(*(bool *)stands_by ? 0 : 1);
    result = co_group_close(self, &group, co_event_wait(self, &event));
    co_signal_close(signal);
    return result;
}

Test(signal, hides_a_deadlock_unless_it_only_stands_by, .timeout = 60)
{
    bool stands_by = true;

    cr_assert_eq(child_run(waits_for_a_signal_and_for_nothing, &stands_by, NULL).result, -EDEADLK);
    stands_by = false;
    cr_assert_eq(child_run(waits_for_a_signal_and_for_nothing, &stands_by, NULL).signal, SIGALRM);
}

SIGNAL_TEST(is_got_by_all_who_have_it_open)
{
    struct co_signal *first = open_signal(self), *second = open_signal(self);

    cr_assert_eq(raise(SIGUSR1), 0);
    cr_assert_eq(co_signal_wait(self, first), 0);
    cr_assert_eq(co_signal_wait(self, second), 0);
    co_signal_close(first);
    cr_assert_eq(raise(SIGUSR1), 0);
    cr_assert_eq(co_signal_wait(self, second), 0);
    co_signal_close(second);
    return 0;
}

struct elsewhere {
    pthread_t thread;
    atomic_bool open;
    int result;
};

static int waits_elsewhere(struct co_task *self, void *argument)
{
    struct elsewhere *elsewhere = argument;
    struct co_signal *signal = open_signal(self);
    int result;

    atomic_store(&elsewhere->open, true);
    result = co_signal_wait(self, signal);
    co_signal_close(signal);
    return result;
}

static void *runs_elsewhere(void *argument)
{
    struct elsewhere *elsewhere = argument;

    elsewhere->result = co_run(waits_elsewhere, elsewhere, NULL);
    return NULL;
}

SIGNAL_TEST(is_got_by_the_runtimes_of_all_threads)
{
    struct elsewhere elsewhere = {.result = -EIO};
    struct co_signal *signal = open_signal(self);

    cr_assert_eq(pthread_create(&elsewhere.thread, NULL, runs_elsewhere, &elsewhere), 0);
    while (!atomic_load(&elsewhere.open))
        cr_assert_eq(co_sleep(self, CO_MILLISECONDS(1)), 0);
    cr_assert_eq(raise(SIGUSR1), 0);
    cr_assert_eq(co_signal_wait(self, signal), 0);
    pthread_join(elsewhere.thread, NULL);
    cr_assert_eq(elsewhere.result, 0);
    co_signal_close(signal);
    return 0;
}

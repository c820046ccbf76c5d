#include "child.h"

#include <haul/co/event.h>
#include <haul/co/thread.h>

#include <stdatomic.h>

struct story {
    int signal;
    bool cleaned_up;
};

static int sleeps(struct co_task *self, void *unused)
{
    (void)unused;
    return co_sleep(self, CO_SECONDS(50));
}

static int is_interrupted(struct co_task *self, void *argument)
{
    struct story *story = argument;
    struct co_group group;
    int result;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_expect_eq(co_spawn(self, &group, sleeps, NULL), 0);
    cr_expect_eq(co_yield_now(self), 0);
    raise(story->signal);
    result = co_group_close(self, &group, 0);
    story->cleaned_up = true;
    return result;
}

Test(interrupt, cancels_the_first_task_and_all_it_started, .timeout = 60)
{
    int signals[] = {SIGINT, SIGTERM};

    for (int i = 0; i < 2; i++) {
        struct story story = {.signal = signals[i]};
        int number = -1;
        struct co_run_options options = {.cancel_on_interrupt = true, .ret_interrupt = &number};
        struct sigaction action;

        cr_assert_eq(co_run(is_interrupted, &story, &options), -ECANCELED);
        cr_assert(story.cleaned_up);
        cr_assert_eq(number, signals[i]);
        sigaction(signals[i], NULL, &action);
        cr_assert_eq(action.sa_handler, SIG_DFL);
    }
}

static int is_interrupted_twice(struct co_task *self, void *unused)
{
    struct co_scope shield;

    raise(SIGINT);
    if (sleeps(self, unused) != -ECANCELED)
        return -EIO;
    co_scope_begin_shielded(self, &shield, CO_FOREVER);
    raise(SIGINT);
    return co_scope_end(self, &shield, sleeps(self, unused));
}

Test(interrupt, ends_the_process_the_second_time, .timeout = 60)
{
    struct co_run_options options = {.cancel_on_interrupt = true};

    cr_assert_eq(child_run(is_interrupted_twice, NULL, &options).signal, SIGINT);
}

Test(interrupt, ends_the_process_when_it_is_not_asked_to_cancel, .timeout = 60)
{
    struct story story = {.signal = SIGINT};

    cr_assert_eq(child_run(is_interrupted, &story, NULL).signal, SIGINT);
}

static int raises_and_looks_around(struct co_task *self, void *unused)
{
    (void)unused;
    raise(SIGINT);
    return co_sleep(self, CO_MILLISECONDS(20));
}

Test(interrupt, leaves_a_signal_that_is_ignored_alone, .timeout = 60)
{
    int number = -1;
    struct co_run_options options = {.cancel_on_interrupt = true, .ret_interrupt = &number};

    signal(SIGINT, SIG_IGN);
    cr_assert_eq(co_run(raises_and_looks_around, NULL, &options), 0);
    cr_assert_eq(number, 0);
    signal(SIGINT, SIG_DFL);
}

static int waits_for_nothing(struct co_task *self, void *unused)
{
    struct co_event event;

    (void)unused;
    co_event_init(&event);
    return co_event_wait(self, &event);
}

Test(interrupt, hides_no_deadlock, .timeout = 60)
{
    struct co_run_options options = {.cancel_on_interrupt = true};

    cr_assert_eq(child_run(waits_for_nothing, NULL, &options).result, -EDEADLK);
}

static int was_handled;

static void handles(int number)
{
    was_handled = number;
}

Test(interrupt, leaves_a_signal_that_somebody_else_handles_to_them, .timeout = 60)
{
    int number = -1;
    struct co_run_options options = {.cancel_on_interrupt = true, .ret_interrupt = &number};

    signal(SIGINT, handles);
    cr_assert_eq(co_run(raises_and_looks_around, NULL, &options), 0);
    cr_assert_eq(was_handled, SIGINT);
    cr_assert_eq(number, 0);
    signal(SIGINT, SIG_DFL);
}

static atomic_bool has_begun, has_ended;

static int interrupts_late(void *unused, const struct co_token *token)
{
    (void)unused, (void)token;
    has_begun = true;
    while (!has_ended)
        usleep(1000);
    usleep(50000);
    kill(getpid(), SIGINT);
    usleep(5000000);
    return 0;
}

static int leaves_work_behind(struct co_task *self, void *unused)
{
    while (!has_begun) { /* on a busy machine it is given up before that */
        struct co_scope scope;

        co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(10)));
        co_to_thread_abandon(self, interrupts_late, unused, NULL);
        co_scope_end(self, &scope, 0);
    }
    has_ended = true;
    return 0;
}

Test(interrupt, ends_the_process_when_the_first_task_has_ended, .timeout = 60)
{
    struct co_run_options options = {.cancel_on_interrupt = true};

    cr_assert_eq(child_run(leaves_work_behind, NULL, &options).signal, SIGINT);
}

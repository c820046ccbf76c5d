#include "run.h"

#include <haul/co/callback.h>
#include <haul/co/event.h>

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define THREADS          4
#define POSTS_PER_THREAD 500

/* Notes the order in which callbacks are called. */
struct note {
    struct co_callback callback;
    int *calls;
    int number; /* from 1 */
};

static void on_called(struct co_callback *callback)
{
    struct note *note = LIST_MEMBER(callback, struct note, callback);

    note->number = ++*note->calls;
}

CO_TEST(callback, is_called_soon_in_order_and_never_inline)
{
    struct note notes[3] = {{.calls = NULL}};
    int calls = 0;

    for (int i = 0; i < 3; i++) {
        notes[i] = (struct note){.callback.function = on_called, .calls = &calls};
        co_call_soon(co_task_runtime(self), &notes[i].callback);
    }
    cr_expect_eq(calls, 0);
    co_sleep(self, CO_MILLISECONDS(1));
    for (int i = 0; i < 3; i++)
        cr_expect_eq(notes[i].number, i + 1);
}

CO_TEST(callback, is_called_although_tasks_are_always_ready)
{
    int calls = 0;
    struct note note = {.callback.function = on_called, .calls = &calls};
    int64_t begun = co_now();

    co_call_soon(co_task_runtime(self), &note.callback);
    while (calls == 0 && co_now() - begun < CO_SECONDS(5))
        co_yield_now(self);
    cr_expect_eq(calls, 1);
}

CO_TEST(callback, is_not_called_when_forgotten)
{
    int calls = 0;
    struct note note = {.callback.function = on_called, .calls = &calls};

    co_callback_forget(&note.callback);
    co_call_soon(co_task_runtime(self), &note.callback);
    co_callback_forget(&note.callback);
    co_sleep(self, CO_MILLISECONDS(1));
    cr_expect_eq(calls, 0);
}

struct repeated {
    struct co_callback callback;
    struct co_runtime *runtime;
    int left;
};

static void on_repeated(struct co_callback *callback)
{
    struct repeated *repeated = LIST_MEMBER(callback, struct repeated, callback);

    if (--repeated->left > 0)
        co_call_soon(repeated->runtime, callback);
}

CO_TEST(callback, may_be_called_soon_again_by_its_own_function)
{
    struct repeated repeated = {{.function = on_repeated}, co_task_runtime(self), 5};

    co_call_soon(repeated.runtime, &repeated.callback);
    co_sleep(self, CO_MILLISECONDS(1));
    cr_expect_eq(repeated.left, 0);
}

static int leaves_one_behind(struct co_task *self, void *repeated)
{
    ((struct repeated *)repeated)->runtime = co_task_runtime(self);
    co_call_soon(co_task_runtime(self), &((struct repeated *)repeated)->callback);
    return 0;
}

Test(callback, those_left_at_the_end_are_called)
{
    struct repeated repeated = {.callback.function = on_repeated, .left = 3};

    cr_assert_eq(co_run(leaves_one_behind, &repeated, NULL), 0);
    cr_expect_eq(repeated.left, 0);
}

static int deadlocks(struct co_task *self, void *unused)
{
    struct co_event event;

    (void)unused;
    co_event_init(&event);
    return co_event_wait(self, &event);
}

Test(callback, a_runtime_that_nobody_holds_still_finds_its_deadlocks)
{
    cr_assert_eq(co_run(deadlocks, NULL, NULL), -EDEADLK);
}

/* Another thread tells a task that waits. */
struct message {
    struct co_callback callback;
    struct co_runtime *runtime;
    struct co_event arrived;
    pthread_t thread, called_on;
};

static void on_message(struct co_callback *callback)
{
    struct message *message = LIST_MEMBER(callback, struct message, callback);

    message->called_on = pthread_self();
    co_event_set(&message->arrived);
    co_runtime_let_go(message->runtime);
}

static void *posts_late(void *argument)
{
    struct message *message = argument;

    usleep(20000);
    co_post(message->runtime, &message->callback);
    return NULL;
}

static void send_message(struct co_task *self, struct message *message)
{
    *message = (struct message){.callback.function = on_message, .runtime = co_task_runtime(self)};
    co_event_init(&message->arrived);
    co_runtime_hold(message->runtime);
    cr_assert_eq(pthread_create(&message->thread, NULL, posts_late, message), 0);
}

CO_TEST(callback, a_post_from_another_thread_wakes_the_loop_and_a_hold_is_no_deadlock)
{
    struct message message;

    send_message(self, &message);
    cr_expect_eq(co_event_wait(self, &message.arrived), 0);
    cr_expect(pthread_equal(message.called_on, pthread_self()));
    pthread_join(message.thread, NULL);
}

static int sends_and_leaves(struct co_task *self, void *message)
{
    send_message(self, message);
    return 0;
}

Test(callback, co_run_does_not_return_while_the_runtime_is_held)
{
    struct message message;

    cr_assert_eq(co_run(sends_and_leaves, &message, NULL), 0);
    cr_expect(co_event_is_set(&message.arrived));
    pthread_join(message.thread, NULL);
}

CO_TEST(callback, may_be_posted_from_the_thread_of_the_runtime)
{
    int calls = 0;
    struct note note = {.callback.function = on_called, .calls = &calls};

    co_post(co_task_runtime(self), &note.callback);
    cr_expect_eq(calls, 0);
    co_sleep(self, CO_MILLISECONDS(1));
    cr_expect_eq(calls, 1);
}

/* Each thread posts numbers; they arrive all, and in the order in which their thread posted them. */
struct poster {
    pthread_t thread;
    struct co_runtime *runtime;
    int last;
};

struct posted {
    struct co_callback callback;
    struct poster *poster;
    int number;
};

static void on_posted(struct co_callback *callback)
{
    struct posted *posted = LIST_MEMBER(callback, struct posted, callback);

    cr_expect_eq(posted->number, posted->poster->last + 1);
    posted->poster->last = posted->number;
    if (posted->number == POSTS_PER_THREAD)
        co_runtime_let_go(posted->poster->runtime);
    free(posted);
}

static void *posts_many(void *argument)
{
    struct poster *poster = argument;

    for (int i = 1; i <= POSTS_PER_THREAD; i++) {
        struct posted *posted = malloc(sizeof *posted);

        *posted = (struct posted){{.function = on_posted}, poster, i};
        co_post(poster->runtime, &posted->callback);
    }
    return NULL;
}

static int starts_threads(struct co_task *self, void *argument)
{
    struct poster *posters = argument;

    for (int i = 0; i < THREADS; i++) {
        posters[i] = (struct poster){.runtime = co_task_runtime(self)};
        co_runtime_hold(posters[i].runtime);
        cr_assert_eq(pthread_create(&posters[i].thread, NULL, posts_many, &posters[i]), 0);
    }
    return 0;
}

Test(callback, none_of_many_threads_posts_is_lost)
{
    struct poster posters[THREADS];

    cr_assert_eq(co_run(starts_threads, posters, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        cr_expect_eq(posters[i].last, POSTS_PER_THREAD);
        pthread_join(posters[i].thread, NULL);
    }
}

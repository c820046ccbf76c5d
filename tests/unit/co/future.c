#include "run.h"

#include <haul/co/future.h>

struct reader {
    struct co_future *future;
    int result;
    void *value;
};

static int reads(struct co_task *self, void *argument)
{
    struct reader *reader = argument;

    reader->result = co_future_wait(self, reader->future, &reader->value);
    return 0;
}

CO_TEST(future, gives_its_value_to_all_who_wait_and_all_who_come_later)
{
    struct co_future future;
    struct reader readers[3];
    struct co_group group;
    void *value = NULL;
    int answer;

    co_future_init(&future);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 3; i++) {
        readers[i] = (struct reader){.future = &future, .result = 1};
        co_spawn(self, &group, reads, &readers[i]);
    }
    let_others_run(self);
    cr_expect_not(co_future_is_settled(&future));
    cr_expect(co_future_resolve(&future, &answer));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(readers[i].result, 0);
        cr_expect_eq(readers[i].value, &answer);
    }
    cr_expect_eq(co_future_wait(self, &future, &value), 0);
    cr_expect_eq(value, &answer);
    cr_expect_eq(co_future_wait(self, &future, NULL), 0);
}

CO_TEST(future, is_settled_once)
{
    struct co_future future;
    void *value = NULL;
    int first, second;

    co_future_init(&future);
    cr_expect(co_future_resolve(&future, &first));
    cr_expect_not(co_future_resolve(&future, &second));
    cr_expect_not(co_future_fail(&future, -EIO));
    cr_expect(co_future_is_settled(&future));
    cr_expect_eq(co_future_wait(self, &future, &value), 0);
    cr_expect_eq(value, &first);
}

CO_TEST(future, failing_gives_the_failure_and_no_value)
{
    struct co_future future;
    struct reader reader = {.future = &future};
    struct co_group group;

    co_future_init(&future);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, reads, &reader);
    let_others_run(self);
    cr_expect(co_future_fail(&future, -EIO));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(reader.result, -EIO);
    cr_expect_null(reader.value);
    cr_expect_eq(co_future_wait(self, &future, &reader.value), -EIO);
}

CO_TEST(future, waiting_can_be_cancelled_and_tried_again)
{
    struct co_future future;
    struct co_scope scope;
    void *value = NULL;
    int answer;

    co_future_init(&future);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_scope_end(self, &scope, co_future_wait(self, &future, &value)), -ETIMEDOUT);
    co_future_resolve(&future, &answer);
    cr_expect_eq(co_future_wait(self, &future, &value), 0);
    cr_expect_eq(value, &answer);
}

struct note {
    struct co_future_callback callback;
    int *calls;
    int number; /* from 1 */
};

static void on_done(struct co_future_callback *callback)
{
    struct note *note = LIST_MEMBER(callback, struct note, callback);

    note->number = ++*note->calls;
}

CO_TEST(future, calls_back_in_order_soon_after_it_was_settled_even_when_it_is_gone)
{
    struct note notes[3];
    int calls = 0, answer;

    {
        struct co_future future;

        co_future_init(&future);
        for (int i = 0; i < 3; i++) {
            notes[i] = (struct note){.callback.on_done = on_done, .calls = &calls};
            co_future_on_done(co_task_runtime(self), &future, &notes[i].callback);
        }
        co_sleep(self, CO_MILLISECONDS(1));
        cr_expect_eq(calls, 0);
        co_future_resolve(&future, &answer);
        cr_expect_eq(calls, 0, "not inline");
    }
    co_sleep(self, CO_MILLISECONDS(1));
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(notes[i].number, i + 1);
        cr_expect_eq(notes[i].callback.value, &answer);
        cr_expect_eq(notes[i].callback.result, 0);
    }
}

CO_TEST(future, calls_back_soon_when_it_is_settled_already)
{
    struct co_future future;
    int calls = 0;
    struct note note = {.callback.on_done = on_done, .calls = &calls};

    co_future_init(&future);
    co_future_fail(&future, -EIO);
    co_future_on_done(co_task_runtime(self), &future, &note.callback);
    cr_expect_eq(calls, 0);
    co_sleep(self, CO_MILLISECONDS(1));
    cr_expect_eq(calls, 1);
    cr_expect_eq(note.callback.result, -EIO);
    cr_expect_null(note.callback.value);
}

CO_TEST(future, does_not_call_what_was_forgotten_before_or_after_it_was_settled)
{
    struct co_future future;
    int calls = 0;
    struct note early = {.callback.on_done = on_done, .calls = &calls}, late = early, never = early;

    co_future_init(&future);
    co_future_forget(&never.callback);
    co_future_on_done(co_task_runtime(self), &future, &early.callback);
    co_future_on_done(co_task_runtime(self), &future, &late.callback);
    co_future_forget(&early.callback);
    co_future_resolve(&future, NULL);
    co_future_forget(&late.callback);
    co_sleep(self, CO_MILLISECONDS(1));
    cr_expect_eq(calls, 0);
}

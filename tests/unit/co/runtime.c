#include "child.h"
#include "descriptors.h"
#include "../../../src/co/scheduler.h"

#include <haul/co/event.h>
#include <haul/co/process.h>
#include <haul/co/semaphore.h>
#include <haul/co/signal.h>
#include <haul/co/waiter.h>

#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

static int returns_argument(struct co_task *self, void *argument)
{
    (void)self;
    return *(int *)argument;
}

Test(runtime, gives_the_result_of_its_main_function)
{
    int results[] = {0, 42, -EIO, -ECANCELED};

    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        cr_assert_eq(co_run(returns_argument, &results[i], NULL), results[i]);
}

static int waits_for_ever(struct co_task *self, void *cleaned_up)
{
    struct co_event event;
    int result;

    co_event_init(&event);
    result = co_event_wait(self, &event);
    ++*(int *)cleaned_up;
    return result;
}

static int deadlocks(struct co_task *self, void *cleaned_up)
{
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "first sleeper", waits_for_ever, cleaned_up, NULL);
    co_spawn_named(self, &group, "second sleeper", waits_for_ever, cleaned_up, NULL);
    return co_group_close(self, &group, waits_for_ever(self, cleaned_up));
}

Test(runtime, reports_a_deadlock_after_the_clean_ups, .timeout = 60)
{
    int cleaned_up = 0;
    char text[1024] = "";

    cr_redirect_stderr();
    cr_assert_eq(co_run(deadlocks, &cleaned_up, NULL), -EDEADLK);
    cr_assert_eq(cleaned_up, 3);
    fflush(stderr);
    cr_assert(fread(text, 1, sizeof text - 1, cr_get_redirected_stderr()) > 0);
    cr_assert(strstr(text, "task 'first sleeper' waits for an event"), "%s", text);
    cr_assert(strstr(text, "task 'second sleeper' waits for an event"), "%s", text);
    cr_assert(strstr(text, "task 'main' waits for an event"), "%s", text);
}

static int waits_for_ever_whatever_the_cancel(struct co_task *self, void *cleaned_up)
{
    struct co_event event;
    struct co_scope shield;
    int result = waits_for_ever(self, cleaned_up);

    co_event_init(&event);
    co_scope_begin_shielded(self, &shield, CO_FOREVER);
    cr_expect_eq(co_event_wait(self, &event), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &shield, 0), 0);
    ++*(int *)cleaned_up;
    return result;
}

static int deadlocks_twice(struct co_task *self, void *cleaned_up)
{
    struct co_group outer, inner;
    int result;

    co_group_open(self, &outer, CO_COLLECT, 0);
    co_spawn(self, &outer, deadlocks, cleaned_up);
    co_group_open(self, &inner, CO_FAIL_FAST, 0);
    co_spawn(self, &inner, waits_for_ever_whatever_the_cancel, cleaned_up);
    co_spawn(self, &inner, waits_for_ever_whatever_the_cancel, cleaned_up);
    result = co_group_close(self, &inner, 0);
    cr_expect_eq(result, -ECANCELED);
    return co_group_close(self, &outer, result);
}

Test(runtime, ends_clean_ups_that_wait_for_each_other, .timeout = 60)
{
    int cleaned_up = 0;

    cr_redirect_stderr();
    cr_assert_eq(co_run(deadlocks_twice, &cleaned_up, NULL), -EDEADLK);
    cr_assert_eq(cleaned_up, 7);
}

static int shields_for_ever(struct co_task *self, void *end)
{
    while (!end) {
        struct co_event event;
        struct co_scope shield;

        co_event_init(&event);
        co_scope_begin_shielded(self, &shield, CO_FOREVER);
        co_event_wait(self, &event);
        co_scope_end(self, &shield, 0);
    }
    return 0;
}

static int cannot_be_cancelled(struct co_task *self, void *unused)
{
    struct co_waiter waiter;

    (void)unused;
    co_waiter_init(&waiter, self, "nothing at all", NULL);
    return co_park(self, &waiter);
}

Test(runtime, gives_up_on_tasks_that_do_not_obey_and_dumps_them, .timeout = 60)
{
    co_function *functions[] = {shields_for_ever, cannot_be_cancelled};
    const char *reasons[] = {"waits for an event", "waits for nothing at all"};

    for (int i = 0; i < 2; i++) {
        struct child child = child_run(functions[i], NULL, NULL);
        const char *given_up = strstr(child.text, "given up");

        cr_assert_eq(child.result, -EDEADLK, "%d", child.result);
        cr_assert(given_up && strstr(given_up, reasons[i]), "%s", child.text);
    }
}

static void on_closed(uv_handle_t *timer)
{
    co_event_set(timer->data);
}

static void on_timer(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, on_closed);
}

static int waits_for_a_libuv_timer(struct co_task *self, void *loop)
{
    struct co_event event;
    uv_timer_t timer;

    co_event_init(&event);
    cr_expect_eq(co_runtime_loop(co_task_runtime(self)), loop);
    uv_timer_init(loop, &timer);
    timer.data = &event;
    uv_timer_start(&timer, on_timer, 5, 0);
    return co_event_wait(self, &event);
}

Test(runtime, works_on_a_loop_it_is_given_and_leaves_nothing_in_it, .timeout = 60)
{
    uv_loop_t loop;

    uv_loop_init(&loop);
    cr_assert_eq(co_run(waits_for_a_libuv_timer, &loop, &(struct co_run_options){.loop = &loop}), 0);
    cr_assert_eq(co_run(waits_for_a_libuv_timer, &loop, &(struct co_run_options){.loop = &loop}), 0);
    cr_assert_eq(uv_loop_close(&loop), 0);
}

static int yields_until(struct co_task *self, void *stop)
{
    while (!*(bool *)stop)
        co_yield_now(self);
    return 0;
}

CO_TEST(runtime, busy_tasks_do_not_starve_timers)
{
    struct co_group group;
    bool stop = false;
    int64_t start = co_now();

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, yields_until, &stop);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(10)), 0);
    stop = true;
    cr_expect_lt(co_now() - start, CO_SECONDS(5));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static int sets_flag(struct co_task *self, void *flag)
{
    (void)self;
    *(bool *)flag = true;
    return 0;
}

CO_TEST(runtime, awaits_that_complete_at_once_yield_after_128)
{
    struct co_semaphore semaphore;
    struct co_group group;
    bool ran = false;
    int turns = 0;

    co_semaphore_init(&semaphore, 1);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, sets_flag, &ran);
    for (; !ran && turns < 1000; turns++) {
        co_semaphore_acquire(self, &semaphore);
        co_semaphore_release(&semaphore);
    }
    cr_expect_eq(turns, 128);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

struct sight {
    uv_poll_t poll;
    struct co_timer timer;
    struct co_event over, closed;
    bool seen, seen_in_time;
};

static void on_seen(uv_poll_t *poll, int status, int events)
{
    (void)status, (void)events;
    LIST_MEMBER(poll, struct sight, poll)->seen = true;
    uv_poll_stop(poll);
}

static void on_due(struct co_timer *timer)
{
    struct sight *sight = LIST_MEMBER(timer, struct sight, timer);

    sight->seen_in_time = sight->seen;
    co_event_set(&sight->over);
}

static void on_poll_closed(uv_handle_t *poll)
{
    co_event_set(&LIST_MEMBER(poll, struct sight, poll)->closed);
}

CO_TEST(runtime, looks_at_its_descriptors_before_it_does_what_is_due_at_once)
{
    struct sight sight = {.timer.on_expire = on_due};
    struct co_runtime *runtime = co_task_runtime(self);
    int ends[2];

    co_event_init(&sight.over);
    co_event_init(&sight.closed);
    cr_assert_eq(pipe(ends), 0);
    uv_poll_init(co_runtime_loop(runtime), &sight.poll, ends[0]);
    uv_poll_start(&sight.poll, UV_READABLE, on_seen);
    cr_assert_eq(write(ends[1], "x", 1), 1);
    co_timer_start(runtime, &sight.timer, co_now());
    cr_expect_eq(co_event_wait(self, &sight.over), 0);
    cr_expect(sight.seen_in_time);
    uv_close((uv_handle_t *)&sight.poll, on_poll_closed);
    cr_expect_eq(co_event_wait(self, &sight.closed), 0);
    close(ends[0]);
    close(ends[1]);
}

CO_TEST(runtime, statistics_count_tasks_and_stacks)
{
    struct co_statistics before, during, after;
    struct co_runtime *runtime = co_task_runtime(self);
    struct co_group group;
    int cleaned_up = 0;

    co_runtime_statistics(runtime, &before);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 10; i++)
        co_spawn(self, &group, waits_for_ever, &cleaned_up);
    let_others_run(self);
    co_runtime_statistics(runtime, &during);
    co_group_cancel(&group);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    co_runtime_statistics(runtime, &after);
    cr_expect_eq(before.live, 1);
    cr_expect_eq(during.live, 11);
    cr_expect_eq(during.parked, 10);
    cr_expect_eq(during.stacks, 11);
    cr_expect_eq(during.spawned, 11);
    cr_expect_gt(during.switches, before.switches);
    cr_expect_eq(after.live, 1);
    cr_expect_eq(after.parked, 0);
    cr_expect_eq(after.unguarded, 0);
}

struct order {
    int numbers[20];
    int count;
};

struct numbered {
    struct order *order;
    int number;
};

static int notes_its_turn(struct co_task *self, void *argument)
{
    struct numbered *numbered = argument;

    (void)self;
    numbered->order->numbers[numbered->order->count++] = numbered->number;
    return 0;
}

static int spawns_twenty(struct co_task *self, void *order)
{
    struct numbered numbered[20];
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 20; i++) {
        numbered[i] = (struct numbered){order, i};
        co_spawn(self, &group, notes_its_turn, &numbered[i]);
    }
    return co_group_close(self, &group, 0);
}

static bool is_ascending(const struct order *order)
{
    for (int i = 1; i < order->count; i++) {
        if (order->numbers[i] < order->numbers[i - 1])
            return false;
    }
    return true;
}

Test(runtime, order_is_first_in_first_out_unless_shuffled_by_a_seed)
{
    struct order plain = {.count = 0}, shuffled = {.count = 0}, again = {.count = 0};

    cr_assert_eq(co_run(spawns_twenty, &plain, NULL), 0);
    cr_assert_eq(co_run(spawns_twenty, &shuffled, &(struct co_run_options){.shuffle = 5}), 0);
    cr_assert_eq(co_run(spawns_twenty, &again, &(struct co_run_options){.shuffle = 5}), 0);
    cr_assert_eq(plain.count, 20);
    cr_assert_eq(shuffled.count, 20);
    cr_assert(is_ascending(&plain));
    cr_assert_not(is_ascending(&shuffled));
    cr_assert_arr_eq(shuffled.numbers, again.numbers, sizeof again.numbers);
}

static int leaves_a_scope_open(struct co_task *self, void *unused)
{
    static struct co_scope scope;

    (void)unused;
    co_scope_begin(self, &scope, CO_FOREVER);
    return 0;
}

Test(runtime, aborts_when_a_task_ends_inside_its_scope, .signal = SIGABRT)
{
    co_run(leaves_a_scope_open, NULL, NULL);
}

Test(runtime, has_texts_for_results)
{
    const char *cancelled = co_error_text(-ECANCELED), *missing = co_error_text(-ENOENT);

    cr_assert_str_eq(co_error_text(UV_EAI_NONAME), "unknown node or service");
    cr_assert(strstr(co_error_text(-123456), "123456"));
    cr_assert_str_eq(cancelled, "operation cancelled", "it is still there");
    cr_assert_str_eq(missing, "no such file or directory");
    cr_assert_str_eq(co_error_text(-ECANCELED), "operation cancelled");
    cr_assert_str_eq(co_error_text(-ENOENT), "no such file or directory");
    cr_assert_str_eq(co_error_text(-EUCLEAN), strerror(EUCLEAN));
}

static int tells_the_size_of_its_stack(struct co_task *self, void *ret_size)
{
    *(size_t *)ret_size = self->runtime->stacks.stack_size;
    return 0;
}

static size_t stack_size_with(const struct co_run_options *options)
{
    size_t size = 0;

    cr_assert_eq(co_run(tells_the_size_of_its_stack, &size, options), 0);
    return size;
}

Test(runtime, takes_the_size_of_stacks_from_its_options_else_from_the_environment)
{
    setenv("CO_STACK_SIZE", "1048576", 1);
    cr_assert_eq(stack_size_with(NULL), 1048576);
    cr_assert_eq(stack_size_with(&(struct co_run_options){.stack_size = 2097152}), 2097152);
    setenv("CO_STACK_SIZE", "1", 1);
    cr_assert_eq(stack_size_with(NULL), 16 * 1024);
    unsetenv("CO_STACK_SIZE");
    cr_assert_eq(stack_size_with(&(struct co_run_options){.stack_size = SIZE_MAX}), 64 * 1024 * 1024);
    cr_assert_geq(stack_size_with(NULL), 128 * 1024);
}

Test(runtime, names_its_libuv)
{
    cr_assert_str_eq(co_library_version(), uv_version_string());
}

static int leaves_all_open(struct co_task *self, void *unused)
{
    static const char *const arguments[] = {"true", NULL};
    struct co_process_options options = {.arguments = arguments, .input = {.kind = CO_CHANNEL_PIPE}};
    static struct co_process *process;
    static struct co_listener *listener;
    static struct co_signal *signal;

    (void)unused;
    cr_expect_eq(co_listen(co_task_runtime(self), "127.0.0.1", 0, 1, &listener), 0);
    cr_expect_eq(co_signal_open(co_task_runtime(self), SIGUSR1, &signal), 0);
    cr_expect_eq(co_process_open(co_task_runtime(self), &options, &process), 0);
    return -EIO;
}

Test(runtime, says_what_was_left_open_and_gives_its_result_all_the_same, .timeout = 60)
{
    static const char *const lines[] = {"co: a tcp was left open\n", "co: a pipe was left open\n",
                                        "co: a signal was left open\n", "co: a process was left open\n"};
    struct child child = child_run(leaves_all_open, NULL, NULL);

    cr_assert_eq(child.result, -EIO);
    for (int i = 0; i < 4; i++)
        cr_assert(strstr(child.text, lines[i]), "%s", child.text);
}

Test(runtime, that_cannot_start_says_why_and_calls_nothing)
{
    struct rlimit before = use_up_descriptors();
    int result = 0, interrupt = -1;

    cr_assert_eq(co_run(returns_argument, &result, &(struct co_run_options){.ret_interrupt = &interrupt}), -EMFILE);
    give_back_descriptors(before);
    cr_assert_eq(interrupt, 0);
}

#include "child.h"

#include <pthread.h>
#include <string.h>

static __attribute__((noinline)) int recurses(volatile int *depth)
{
    volatile char room[512];

    room[0] = (char)++*depth;
    if (*depth == 1000000)
        return 0;
    return recurses(depth) + room[0];
}

static int overflows(struct co_task *self, void *unused)
{
    volatile int depth = 0;

    (void)self, (void)unused;
    return recurses(&depth);
}

static int spawns_one_that_overflows(struct co_task *self, void *unused)
{
    struct co_group group;
    int result;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn_named(self, &group, "glutton", overflows, unused, NULL);
    return co_group_close(self, &group, result);
}

Test(overflow, names_the_task_and_then_kills_as_ever, .timeout = 60)
{
    struct child child = child_run(spawns_one_that_overflows, NULL, &(struct co_run_options){.stack_size = 96 * 1024});

    cr_assert_eq(child.signal, SIGSEGV);
    cr_assert(strstr(child.text, "co: task 'glutton' overflowed its stack of 96 KiB\n"), "%s", child.text);
}

static void *runs_on_a_thread(void *unused)
{
    co_run(spawns_one_that_overflows, unused, NULL);
    return NULL;
}

static int starts_a_thread(struct co_task *self, void *unused)
{
    pthread_t thread;

    (void)self;
    pthread_create(&thread, NULL, runs_on_a_thread, unused);
    pthread_join(thread, NULL);
    return 0;
}

Test(overflow, names_the_task_on_any_thread, .timeout = 60)
{
    struct child child = child_run(starts_a_thread, NULL, NULL);

    cr_assert_eq(child.signal, SIGSEGV);
    cr_assert(strstr(child.text, "task 'glutton' overflowed its stack"), "%s", child.text);
}

static int writes_to_nowhere(struct co_task *self, void *address)
{
    (void)self;
    *(volatile int *)address = 1;
    return 0;
}

static int sends_itself_the_signal(struct co_task *self, void *unused)
{
    (void)self, (void)unused;
    kill(getpid(), SIGSEGV);
    return co_sleep(self, CO_SECONDS(5));
}

Test(overflow, is_silent_about_other_faults, .timeout = 60)
{
    struct child child = child_run(writes_to_nowhere, (void *)4096, NULL);

    cr_assert_eq(child.signal, SIGSEGV);
    cr_assert_null(strstr(child.text, "co: "), "%s", child.text);
    child = child_run(sends_itself_the_signal, NULL, NULL);
    cr_assert_eq(child.signal, SIGSEGV);
    cr_assert_null(strstr(child.text, "co: "), "%s", child.text);
}

static void on_fault(int number)
{
    (void)number;
    _exit(77);
}

static int tells_the_handler(struct co_task *self, void *ret_action)
{
    (void)self;
    return sigaction(SIGSEGV, NULL, ret_action);
}

Test(overflow, leaves_the_handlers_of_others_alone)
{
    struct sigaction present;

    signal(SIGSEGV, on_fault);
    cr_assert_eq(co_run(tells_the_handler, &present, NULL), 0);
    cr_assert_eq(present.sa_handler, on_fault);
}

static int puts_a_handler(struct co_task *self, void *unused)
{
    (void)self, (void)unused;
    signal(SIGSEGV, on_fault);
    return 0;
}

Test(overflow, gives_the_signal_back_at_the_end)
{
    struct sigaction during, after;

    signal(SIGSEGV, SIG_DFL);
    cr_assert_eq(co_run(tells_the_handler, &during, NULL), 0);
    sigaction(SIGSEGV, NULL, &after);
    cr_assert_neq(during.sa_handler, SIG_DFL);
    cr_assert_eq(after.sa_handler, SIG_DFL);
    cr_assert_eq(co_run(puts_a_handler, NULL, NULL), 0);
    sigaction(SIGSEGV, NULL, &after);
    cr_assert_eq(after.sa_handler, on_fault);
}

#include "../../../src/co/annotations.h"
#include "../../../src/co/scheduler.h"

#include "child.h"

#include <haul/co/event.h>

#include <string.h>

static int waits(struct co_task *self, void *event)
{
    return co_event_wait(self, event);
}

/* What a printer writes. */
static const char *text_of(const struct co_runtime *runtime, void (*print)(const struct co_runtime *, int))
{
    static char text[1 << 16];
    FILE *file = tmpfile();
    size_t length;

    print(runtime, fileno(file));
    rewind(file);
    length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    return text;
}

/* The tree, with "(?)" for how long they have waited. */
static const char *timeless_tree(const struct co_runtime *runtime)
{
    static char tree[1 << 16];
    const char *text = text_of(runtime, co_runtime_print_tasks);
    size_t length = 0;

    while (*text) {
        tree[length++] = *text;
        if (*text++ != '(')
            continue;
        text = strchr(text, ')');
        tree[length++] = '?';
    }
    tree[length] = '\0';
    return tree;
}

static int opens_a_group(struct co_task *self, void *event)
{
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "grandchild", waits, event, NULL);
    return co_group_close(self, &group, 0);
}

CO_TEST(inspect, prints_every_task_as_a_tree_by_group)
{
    struct co_runtime *runtime = co_task_runtime(self);
    struct co_group outer, inner;
    struct co_event event;

    co_event_init(&event);
    co_group_open(self, &outer, CO_FAIL_FAST, 10);
    co_spawn_named(self, &outer, "child", opens_a_group, &event, NULL);
    co_group_open(self, &inner, CO_COLLECT, 0);
    let_others_run(self);
    co_spawn_named(self, &inner, "newcomer", waits, &event, NULL);
    cr_expect_str_eq(timeless_tree(runtime), "  task 'main' is running\n"
                                             "    group of 1, at most 10\n"
                                             "      task 'child' waits for tasks of a group to end (?)\n"
                                             "        group of 1\n"
                                             "          task 'grandchild' waits for an event (?)\n"
                                             "      group of 1\n"
                                             "        task 'newcomer' is ready\n");
    co_group_cancel(&inner);
    cr_expect_str_eq(strstr(timeless_tree(runtime), "      group of 1, "),
                     "      group of 1, cancelled\n"
                     "        task 'newcomer' is ready, cancelled\n");
    cr_expect_eq(co_group_close(self, &inner, 0), 0);
    co_event_set(&event);
    cr_expect_eq(co_group_close(self, &outer, 0), 0);
}

CO_TEST(inspect, tells_what_a_task_waits_for_and_for_how_long)
{
    struct co_event event;
    struct co_group group;
    struct co_task *task;
    int64_t start = co_now();

    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "sleeper", waits, &event, &task);
    cr_expect_null(co_task_waits_for(task));
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(20)), 0);
    cr_expect_str_eq(co_task_waits_for(task), "an event");
    cr_expect_geq(co_task_waits_since(task), start - CO_SECONDS(1));
    cr_expect_leq(co_task_waits_since(task), co_now() - CO_MILLISECONDS(19));
    cr_expect_null(strstr(text_of(self->runtime, co_runtime_print_tasks), "(0.000 s)"));
    cr_expect_eq(co_task_parent(task), self);
    cr_expect_null(co_task_parent(self));
    co_event_set(&event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(inspect, gives_all_tasks_parents_first_and_counts_those_it_has_no_room_for)
{
    struct co_task *tasks[20], *children[9];
    struct co_event event;
    struct co_group group;

    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 9; i++)
        co_spawn_named(self, &group, "child", waits, &event, &children[i]);
    cr_expect_eq(co_all_tasks(self->runtime, tasks, 20), 10);
    cr_expect_eq(tasks[0], self);
    for (int i = 0; i < 9; i++)
        cr_expect_eq(tasks[i + 1], children[i]);
    cr_expect_eq(co_all_tasks(self->runtime, NULL, 0), 10);
    tasks[3] = NULL;
    cr_expect_eq(co_all_tasks(self->runtime, tasks, 3), 10);
    cr_expect_null(tasks[3]);
    co_event_set(&event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

struct chain {
    struct co_event event;
    int left;
};

static int opens_one_inside_another(struct co_task *self, void *argument)
{
    struct chain *chain = argument;
    struct co_group group;
    int result;

    if (chain->left-- == 0)
        return co_event_wait(self, &chain->event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, opens_one_inside_another, chain);
    return co_group_close(self, &group, result);
}

CO_TEST(inspect, walks_and_cancels_thousands_of_groups_one_inside_another)
{
    struct chain chain = {.left = 3000};
    struct co_group group;

    co_event_init(&chain.event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, opens_one_inside_another, &chain);
    while (chain.left >= 0)
        co_yield_now(self);
    cr_expect_eq(co_all_tasks(self->runtime, NULL, 0), 3002);
    cr_expect_gt(strlen(text_of(self->runtime, co_runtime_print_tasks)), 3000);
    co_group_cancel(&group);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(co_all_tasks(self->runtime, NULL, 0), 1);
}

static int counts(struct co_task *self, void *number)
{
    int result;

    while ((result = co_yield_now(self)) == 0 && *(int *)number < 100)
        ++*(int *)number;
    return result;
}

CO_TEST(inspect, dumps_the_stacks_of_parked_and_ready_tasks_and_leaves_them_as_they_were)
{
    struct co_event event;
    struct co_group group;
    const char *text, *sleeper, *twin;
    int numbers[2] = {0, 0};

    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "sleeper", waits, &event, NULL);
    co_spawn_named(self, &group, "twin", waits, &event, NULL);
    for (int i = 0; i < 2; i++)
        co_spawn_named(self, &group, "counter", counts, &numbers[i], NULL);
    text = text_of(self->runtime, co_dump);
    for (int i = 0; i < 50; i++) {
        co_yield_now(self);
        text = text_of(self->runtime, co_dump);
    }
    cr_expect_eq(strstr(text, "co: all tasks (5):\n  task 'main' is running\n      "), text, "%s", text);
    sleeper = strstr(text, "task 'sleeper' waits for an event");
    twin = strstr(text, "task 'twin' waits for an event");
    cr_expect(sleeper && strstr(text, "+0x") < sleeper, "%s", text);
    cr_expect(sleeper && twin && strstr(sleeper, "+0x") < twin, "%s", text);
    cr_expect(twin && strstr(twin, "(the same)"), "%s", text);
    co_event_set(&event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(numbers[0], 100);
    cr_expect_eq(numbers[1], 100);
}

static __attribute__((noinline)) int waits_far_down(struct co_task *self, struct co_event *event)
{
    volatile char room[512];

    room[0] = 1;
    if ((char *)__builtin_frame_address(0) - self->stack.bottom < 7500)
        return co_event_wait(self, event);
    return waits_far_down(self, event) + room[0] - 1;
}

static int nearly_overflows(struct co_task *self, void *event)
{
    return waits_far_down(self, event);
}

CO_TEST(inspect, does_not_look_where_there_is_no_room)
{
    struct co_event event;
    struct co_group group;
    struct co_task *task;

    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "tall", nearly_overflows, &event, &task);
    co_yield_now(self);
    cr_expect(strstr(text_of(self->runtime, co_dump), "(its stack is nearly full)"));
    cr_expect_gt(co_stack_peak(task), self->runtime->stacks.stack_size - 16 * 1024);
    co_event_set(&event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

CO_TEST(inspect, the_peak_of_a_stack_is_small_for_a_task_that_uses_little)
{
    cr_expect_gt(co_stack_peak(self), 0);
    cr_expect_lt(co_stack_peak(self), self->runtime->stacks.stack_size / 2);
}

#ifndef CO_SANITIZED
/* As many as there are colours, and more. */
CO_TEST(inspect, a_task_that_waits_has_touched_one_page_of_its_stack)
{
    struct co_event event;
    struct co_group group;
    struct co_task *tasks[100];

    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 100; i++)
        co_spawn_named(self, &group, NULL, waits, &event, &tasks[i]);
    let_others_run(self);
    for (int i = 0; i < 100; i++)
        cr_expect_leq(co_stack_peak(tasks[i]), (size_t)sysconf(_SC_PAGESIZE));
    co_event_set(&event);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}
#endif

static int asks_for_a_dump(struct co_task *self, void *event)
{
    struct co_group group;
    int result;

    co_event_init(event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "sleeper", waits, event, NULL);
    co_yield_now(self);
    kill(getpid(), SIGUSR1);
    result = co_sleep(self, CO_MILLISECONDS(50));
    co_event_set(event);
    return co_group_close(self, &group, result);
}

Test(inspect, sigusr1_dumps_when_the_options_ask_for_it, .timeout = 60)
{
    struct co_event event;
    struct child child = child_run(asks_for_a_dump, &event, &(struct co_run_options){.dump_on_sigusr1 = true});

    cr_assert_eq(child.signal, 0);
    cr_assert_eq(child.result, 0);
    cr_assert(strstr(child.text, "co: all tasks (2):\n"), "%s", child.text);
    cr_assert(strstr(child.text, "task 'sleeper' waits for an event"), "%s", child.text);
    child = child_run(asks_for_a_dump, &event, NULL);
    cr_assert_eq(child.signal, SIGUSR1);
}

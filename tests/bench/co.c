/* What the coroutine layer costs, beside what it was meant to cost: one line per row, the minimum of its rounds. */
#include <haul/co/group.h>
#include <haul/co/event.h>
#include <haul/co/queue.h>
#include <haul/co/runtime.h>
#include <haul/co/semaphore.h>
#include <haul/co/timer.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 15

struct row {
    const char *name;
    const char *unit;
    double target; /* 0: none */
    double (*measure)(struct co_task *self);
    int rounds;
};

static double per_operation(int64_t start, long operations)
{
    return (double)(co_now() - start) / (double)operations;
}

static int yield_often(struct co_task *self, void *times)
{
    for (long i = *(long *)times; i > 0; i--)
        co_yield_now(self);
    return 0;
}

static __attribute__((noinline)) int yield_below(struct co_task *self, int frames)
{
    int result = frames > 0 ? yield_below(self, frames - 1) : co_yield_now(self);

    __asm__ volatile("" : "+r"(result)); /* or it would be a tail call, with no frame */
    return result;
}

static int yield_from_below(struct co_task *self, void *times)
{
    for (long i = *(long *)times; i > 0; i--)
        yield_below(self, 3);
    return 0;
}

static double yield_among(struct co_task *self, int tasks)
{
    long times = 1000000 / tasks;
    int64_t start = co_now();
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < tasks; i++)
        co_spawn(self, &group, yield_often, &times);
    co_group_close(self, &group, 0);
    return per_operation(start, times * tasks);
}

static double yield_2(struct co_task *self)
{
    return yield_among(self, 2);
}

static double yield_1000(struct co_task *self)
{
    return yield_among(self, 1000);
}

static double yield_unlike(struct co_task *self)
{
    long times = 500000;
    int64_t start = co_now();
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, yield_often, &times);
    co_spawn(self, &group, yield_from_below, &times);
    co_group_close(self, &group, 0);
    return per_operation(start, 2 * times);
}

static int do_nothing(struct co_task *self, void *argument)
{
    (void)self, (void)argument;
    return 0;
}

static double spawn_and_join(struct co_task *self)
{
    const long times = 100000;
    int64_t start = co_now();
    struct co_group group;
    struct co_task *task;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (long i = 0; i < times; i++) {
        co_spawn_named(self, &group, NULL, do_nothing, NULL, &task);
        co_join(self, task);
    }
    co_group_close(self, &group, 0);
    return per_operation(start, times);
}

static double spawn_10000(struct co_task *self)
{
    int64_t start = co_now();
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 10000; i++)
        co_spawn(self, &group, do_nothing, NULL);
    co_group_close(self, &group, 0);
    return per_operation(start, 10000);
}

static double semaphore_free(struct co_task *self)
{
    const long times = 1000000;
    int64_t start = co_now();
    struct co_semaphore semaphore;

    co_semaphore_init(&semaphore, 1);
    for (long i = 0; i < times; i++) {
        co_semaphore_acquire(self, &semaphore);
        co_semaphore_release(&semaphore);
    }
    return per_operation(start, times);
}

static int take_turns(struct co_task *self, void *semaphore)
{
    for (long i = 0; i < 200000; i++) {
        co_semaphore_acquire(self, semaphore);
        co_semaphore_release(semaphore);
    }
    return 0;
}

/* Both wait before the one permit appears: from then on it goes from hand to hand. */
static double semaphore_handed_over(struct co_task *self)
{
    int64_t start = co_now();
    struct co_semaphore semaphore;
    struct co_group group;

    co_semaphore_init(&semaphore, 0);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, take_turns, &semaphore);
    co_spawn(self, &group, take_turns, &semaphore);
    co_yield_now(self);
    co_semaphore_release(&semaphore);
    co_group_close(self, &group, 0);
    return per_operation(start, 400000);
}

#define ITEMS 400000

static int put_items(struct co_task *self, void *queue)
{
    for (long i = 0; i < ITEMS; i++)
        co_queue_put(self, queue, queue);
    co_queue_shut_down(queue);
    return 0;
}

static double pass_items(struct co_task *self, size_t capacity)
{
    int64_t start = co_now();
    struct co_queue queue;
    struct co_group group;
    void *item;

    co_queue_init(&queue, capacity);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, put_items, &queue);
    while (co_queue_get(self, &queue, &item) == 1)
        continue;
    co_group_close(self, &group, 0);
    co_queue_release(&queue);
    return per_operation(start, ITEMS);
}

static double queue_1(struct co_task *self)
{
    return pass_items(self, 1);
}

static double queue_64(struct co_task *self)
{
    return pass_items(self, 64);
}

static int sleep_a_millisecond(struct co_task *self, void *argument)
{
    (void)argument;
    return co_sleep(self, CO_MILLISECONDS(1));
}

static double sleep_10000(struct co_task *self)
{
    int64_t start = co_now();
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 10000; i++)
        co_spawn(self, &group, sleep_a_millisecond, NULL);
    co_group_close(self, &group, 0);
    return per_operation(start, 10000) / 1e3;
}

static int yield_until_told(struct co_task *self, void *stop)
{
    while (!*(bool *)stop)
        co_yield_now(self);
    return 0;
}

static double lateness(struct co_task *self)
{
    bool stop = false;
    struct co_group group;
    int64_t start;
    double late;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, yield_until_told, &stop);
    start = co_now();
    co_sleep(self, CO_MILLISECONDS(10));
    late = (double)(co_now() - start - CO_MILLISECONDS(10)) / 1e6;
    stop = true;
    co_group_close(self, &group, 0);
    return late;
}

/* A field of /proc/self/status, in bytes. */
static double process_memory(const char *field)
{
    FILE *file = fopen("/proc/self/status", "re");
    char line[256];
    double kibibytes = 0;

    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, field, strlen(field)) == 0)
            kibibytes = strtod(line + strlen(field), NULL);
    }
    if (file)
        fclose(file);
    return kibibytes * 1024;
}

static int wait_for_event(struct co_task *self, void *event)
{
    return co_event_wait(self, event);
}

#define PARKED 100000

static double parked_memory(struct co_task *self, const char *field)
{
    double before = process_memory(field), after;
    struct co_event event;
    struct co_group group;

    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < PARKED; i++)
        co_spawn(self, &group, wait_for_event, &event);
    co_yield_now(self);
    after = process_memory(field);
    co_event_set(&event);
    co_group_close(self, &group, 0);
    return (after - before) / PARKED;
}

static double resident(struct co_task *self)
{
    return parked_memory(self, "VmRSS:");
}

static double page_tables(struct co_task *self)
{
    return parked_memory(self, "VmPTE:");
}

static int measure_row(struct co_task *self, void *argument)
{
    const struct row *row = argument;
    double minimum = row->measure(self);

    for (int round = 1; round < row->rounds; round++) {
        double value = row->measure(self);

        minimum = value < minimum ? value : minimum;
    }
    printf("%-36s  %10.2f  ", row->name, minimum);
    if (row->target > 0)
        printf("%10.2f  %s\n", row->target, row->unit);
    else
        printf("%10s  %s\n", "-", row->unit);
    return 0;
}

/* Each row has a runtime of its own: no row is served by the stacks that another has warmed. */
int main(int argc, char **argv)
{
    static const struct row rows[] = {
        {"yield, 2 tasks", "ns", 6, yield_2, ROUNDS},
        {"yield, 1,000 tasks", "ns", 12, yield_1000, ROUNDS},
        {"yield, 2 tasks, unlike call chains", "ns", 0, yield_unlike, ROUNDS},
        {"spawn + join, warm", "ns", 30, spawn_and_join, ROUNDS},
        {"10,000 spawned, then joined, each", "ns", 60, spawn_10000, ROUNDS},
        {"semaphore, free", "ns", 5, semaphore_free, ROUNDS},
        {"semaphore, handed over", "ns", 25, semaphore_handed_over, ROUNDS},
        {"queue item, capacity 1", "ns", 25, queue_1, ROUNDS},
        {"queue item, capacity 64", "ns", 15, queue_64, ROUNDS},
        {"10,000 tasks sleeping 1 ms, each", "us", 0.3, sleep_10000, ROUNDS},
        {"10 ms timer under a hog, late by", "ms", 0.5, lateness, ROUNDS},
        {"resident per parked task", "bytes", 4200, resident, 1},
        {"page tables per parked task", "bytes", 256, page_tables, 1},
    };
    const char *wanted = argc > 1 ? argv[1] : "";

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strstr(rows[i].name, wanted))
            co_run(measure_row, (void *)&rows[i], NULL);
    }
    return 0;
}

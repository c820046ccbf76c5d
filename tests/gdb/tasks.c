/* Stops, with a few tasks that run, are ready and wait, where the test has a breakpoint. */
#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>

void stop_here(void);

__attribute__((noinline)) void stop_here(void)
{
    __asm__ volatile("");
}

static __attribute__((noinline)) int waits_below(struct co_task *self, struct co_event *event)
{
    int result = co_event_wait(self, event);

    __asm__ volatile("" : "+r"(result)); /* or it would be a tail call, with no frame */
    return result;
}

static int waits(struct co_task *self, void *event)
{
    int result = waits_below(self, event);

    __asm__ volatile("" : "+r"(result));
    return result;
}

static int opens_a_group(struct co_task *self, void *event)
{
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "grandchild", waits, event, NULL);
    return co_group_close(self, &group, 0);
}

static int stops(struct co_task *self, void *event)
{
    stop_here();
    co_event_set(event);
    return co_sleep(self, CO_MILLISECONDS(1));
}

static int run(struct co_task *self, void *unused)
{
    struct co_group group;
    struct co_event event;

    (void)unused;
    co_event_init(&event);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, "child", opens_a_group, &event, NULL);
    co_spawn(self, &group, waits, &event);
    for (int i = 0; i < 3; i++)
        co_yield_now(self);
    co_spawn_named(self, &group, "stopper", stops, &event, NULL);
    co_spawn_named(self, &group, "newcomer", waits, &event, NULL);
    return co_group_close(self, &group, 0);
}

int main(void)
{
    return co_run(run, NULL, NULL);
}

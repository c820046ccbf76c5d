#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/co/runtime.h>

#include <stdio.h>

static int runner(struct co_task *self, void *start)
{
    int result = co_event_wait(self, start);

    if (result == 0)
        puts("running");
    return result;
}

static int race(struct co_task *self, void *argument)
{
    struct co_event start;
    struct co_group runners;
    int result = 0;

    (void)argument;
    co_event_init(&start);
    co_group_open(self, &runners, CO_FAIL_FAST, 0);
    for (int i = 0; i < 3 && result == 0; i++)
        result = co_spawn(self, &runners, runner, &start);
    co_yield_now(self);
    puts("ready, steady, go");
    co_event_set(&start);
    return co_group_close(self, &runners, result);
}

int main(void)
{
    return co_run(race, NULL, NULL) < 0;
}

/* It prints:
 *     ready, steady, go
 *     running
 *     running
 *     running
 */

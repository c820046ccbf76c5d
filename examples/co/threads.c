/* threads.c - work that blocks goes to threads, and a clock on the loop shows that nothing else has to wait for it. */
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/thread.h>
#include <haul/co/timer.h>
#include <stdio.h>
#include <unistd.h>

struct clock {
    int ticks;
    int64_t worst;
};

static int tick(struct co_task *self, void *argument)
{
    struct clock *clock = argument;
    int64_t moment = co_now();
    int result;

    for (;;) {
        moment += CO_MILLISECONDS(5);
        result = co_sleep_until(self, moment);
        if (result < 0)
            return result;
        clock->ticks++;
        if (co_now() - moment > clock->worst)
            clock->worst = co_now() - moment;
    }
}

static int block(void *argument, const struct co_token *token)
{
    (void)argument, (void)token;
    return usleep(100000);
}

static int work(struct co_task *self, void *argument)
{
    struct clock clock = {.ticks = 0};
    struct co_group group;
    int result;

    (void)argument;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, tick, &clock);
    for (int i = 0; i < 3 && result == 0; i++)
        result = co_to_thread(self, block, NULL);
    co_group_cancel(&group);
    result = co_group_close(self, &group, result);
    printf("%d ticks in 300 ms of blocking, the latest %.1f ms late\n", clock.ticks, (double)clock.worst / 1e6);
    return result;
}

int main(void)
{
    return co_run(work, NULL, NULL) < 0;
}
/* It prints: ... ticks in 300 ms of blocking, the latest ... ms late */

#include <haul/co/gather.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>
#include <errno.h>
#include <stdio.h>

static int ask(struct co_task *self, void *argument)
{
    int n = *(int *)argument;
    int result = co_sleep(self, CO_MILLISECONDS(10) / n);

    if (result == 0 && n == 2)
        return -EHOSTUNREACH;
    return result < 0 ? result : n * n;
}

static int run(struct co_task *self, void *argument)
{
    int n[] = {1, 2, 3};
    struct co_job jobs[] = {
        {.function = ask, .argument = &n[0]},
        {.function = ask, .argument = &n[1]},
        {.function = ask, .argument = &n[2]}};
    int result = co_gather(self, jobs, 3, CO_COLLECT, 0);

    (void)argument;
    for (int i = 0; i < 3 && result == 0; i++)
        if (jobs[i].result < 0)
            printf("%d failed\n", n[i]);
        else
            printf("%d %d\n", n[i], jobs[i].result);
    return result;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

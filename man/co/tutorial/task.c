#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <stdio.h>

static int square(struct co_task *self, void *argument)
{
    int n = *(int *)argument;
    int result = co_sleep(self, CO_MILLISECONDS(10));

    return result < 0 ? result : n * n;
}

static int run(struct co_task *self, void *argument)
{
    struct co_group group;
    struct co_task *task;
    int n = 7, result;

    (void)argument;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn_named(self, &group, "seven", square,
                            &n, &task);
    if (result == 0)
        result = co_join(self, task);
    if (result >= 0)
        printf("%d\n", result);
    return co_group_close(self, &group, result);
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <stdio.h>

static int fetch(struct co_task *self, void *n)
{
    int result = co_sleep(self, CO_MILLISECONDS(1));

    if (result == 0)
        printf("fetched %d\n", *(int *)n);
    return result;
}

static int run(struct co_task *self, void *argument)
{
    int n[] = {0, 1, 2, 3, 4, 5}, result = 0;
    struct co_group group;

    (void)argument;
    co_group_open(self, &group, CO_FAIL_FAST, 3);
    for (int i = 0; i < 6 && result == 0; i++)
        result = co_spawn(self, &group, fetch, &n[i]);
    return co_group_close(self, &group, result);
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

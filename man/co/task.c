#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <stdio.h>

static int add(struct co_task *self, void *argument)
{
    int *numbers = argument;
    int result = co_sleep(self, CO_MILLISECONDS(1));

    return result < 0 ? result : numbers[0] + numbers[1];
}

static int ask(struct co_task *self, void *argument)
{
    struct co_group group;
    struct co_task *task;
    int numbers[] = {3, 4}, result;

    (void)argument;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn_named(self, &group, "adder", add, numbers, &task);
    if (result == 0) {
        printf("waiting for %s\n", co_task_name(task));
        result = co_join(self, task);
    }
    if (result >= 0)
        printf("3 + 4 = %d\n", result);
    return co_group_close(self, &group, result);
}

int main(void)
{
    return co_run(ask, NULL, NULL) < 0;
}

/* It prints:
 *     waiting for adder
 *     3 + 4 = 7
 */

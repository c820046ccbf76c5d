#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/wait.h>

#include <stdio.h>

static int sleep_for(struct co_task *self, void *duration)
{
    return co_sleep(self, *(int64_t *)duration);
}

static int race(struct co_task *self, void *argument)
{
    int64_t durations[] = {CO_SECONDS(60), CO_MILLISECONDS(1), CO_SECONDS(60)};
    const char *names[] = {"tortoise", "hare", "snail"};
    struct co_task *tasks[3];
    struct co_group group;
    int result = 0, done;

    (void)argument;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 3 && result == 0; i++)
        result = co_spawn_named(self, &group, names[i], sleep_for, &durations[i], &tasks[i]);
    if (result == 0) {
        done = co_wait(self, tasks, 3, CO_FIRST_DONE, co_after(CO_SECONDS(10)));
        if (done > 0)
            printf("%d has arrived: the %s\n", done, co_task_name(tasks[0]));
        co_group_cancel(&group);
    }
    return co_group_close(self, &group, result);
}

int main(void)
{
    return co_run(race, NULL, NULL) < 0;
}

/* It prints:
 *     1 has arrived: the hare
 */

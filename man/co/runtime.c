#include <haul/co/runtime.h>

#include <stdio.h>

static int count_tasks(struct co_task *self, void *argument)
{
    struct co_statistics statistics;

    (void)argument;
    co_runtime_statistics(co_task_runtime(self), &statistics);
    printf("%zu task, %zu parked\n", statistics.live, statistics.parked);
    return 7;
}

int main(void)
{
    struct co_run_options options = {.stack_size = 256 * 1024};
    int result = co_run(count_tasks, NULL, &options);

    if (result < 0)
        fprintf(stderr, "it did not go well: %s\n", co_error_text(result));
    else
        printf("the first task gave %d\n", result);
    return result < 0;
}

/* It prints:
 *     1 task, 0 parked
 *     the first task gave 7
 */

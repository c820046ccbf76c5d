#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <signal.h>
#include <stdio.h>

static int work(struct co_task *self, void *argument)
{
    struct co_statistics statistics;
    int result;

    (void)argument;
    co_runtime_statistics(co_task_runtime(self), &statistics);
    printf("%zu task, %zu parked\n", statistics.live, statistics.parked);
    raise(SIGINT); /* somebody's ^C */
    result = co_sleep(self, CO_SECONDS(3600));
    puts("putting things away");
    return result;
}

int main(void)
{
    int interrupt;
    struct co_run_options options = {
        .stack_size = 256 * 1024,
        .cancel_on_interrupt = true,
        .ret_interrupt = &interrupt,
    };
    int result = co_run(work, NULL, &options);

    if (result < 0)
        printf("it ended with: %s\n", co_error_text(result));
    if (interrupt == SIGINT)
        puts("that was ^C");
    return 0;
}

/* It prints:
 *     1 task, 0 parked
 *     putting things away
 *     it ended with: operation cancelled
 *     that was ^C
 */

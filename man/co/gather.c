#include <haul/co/gather.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <errno.h>
#include <stdio.h>

static int divide_100_by(struct co_task *self, void *argument)
{
    int divisor = *(int *)argument;
    int result = co_sleep(self, CO_MILLISECONDS(1));

    if (result < 0)
        return result;
    return divisor == 0 ? -EDOM : 100 / divisor;
}

static int ask(struct co_task *self, void *argument)
{
    int divisors[] = {2, 0, 5}, result;
    struct co_job jobs[3];

    (void)argument;
    for (int i = 0; i < 3; i++)
        jobs[i] = (struct co_job){.function = divide_100_by, .argument = &divisors[i]};
    result = co_gather(self, jobs, 3, CO_COLLECT, 0);
    for (int i = 0; i < 3; i++)
        printf("100 / %d: %d\n", divisors[i], jobs[i].result == -EDOM ? -1 : jobs[i].result);
    return result;
}

int main(void)
{
    return co_run(ask, NULL, NULL) < 0;
}

/* It prints:
 *     100 / 2: 50
 *     100 / 0: -1
 *     100 / 5: 20
 */

#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <stdio.h>

static int tick(struct co_task *self, void *argument)
{
    int64_t next = co_now();
    int result = 0;

    (void)argument;
    for (int i = 1; i <= 3 && result == 0; i++) {
        next += CO_MILLISECONDS(5); /* moments, so that lateness does not add up */
        result = co_sleep_until(self, next);
        printf("tick %d, %s\n", i, co_now() < next ? "early" : "not early");
    }
    return result;
}

int main(void)
{
    return co_run(tick, NULL, NULL) < 0;
}

/* It prints:
 *     tick 1, not early
 *     tick 2, not early
 *     tick 3, not early
 */

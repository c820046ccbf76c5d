#include <haul/co/generator.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>
#include <stdio.h>

static int count_down(struct co_task *self,
                      struct co_generator *generator,
                      void *argument)
{
    int result = 0;

    for (int n = *(int *)argument; n > 0 && result == 0;
         n--) {
        result = co_sleep(self, CO_MILLISECONDS(1));
        if (result == 0)
            result = co_generator_emit(self, generator, &n);
    }
    return result;
}

static int run(struct co_task *self, void *argument)
{
    struct co_generator numbers;
    int from = 3, result;
    void *n;

    (void)argument;
    co_generator_open(self, &numbers, count_down, &from);
    while ((result =
                co_generator_next(self, &numbers, &n)) > 0)
        printf("%d\n", *(int *)n);
    co_generator_close(self, &numbers);
    return result;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

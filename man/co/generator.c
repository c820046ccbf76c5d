#include <haul/co/generator.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <stdio.h>

static int fibonacci(struct co_task *self, struct co_generator *generator, void *argument)
{
    int last = 0, number = 1, result = 0;

    (void)argument;
    while (result == 0) {
        int next = last + number;

        result = co_generator_emit(self, generator, &number);
        last = number;
        number = next;
    }
    puts("no more wanted");
    return result;
}

static int print_some(struct co_task *self, void *argument)
{
    struct co_generator numbers;
    void *number;

    (void)argument;
    co_generator_open(self, &numbers, fibonacci, NULL);
    for (int i = 0; i < 5 && co_generator_next(self, &numbers, &number) == 1; i++)
        printf("%d\n", *(int *)number);
    return co_generator_close(self, &numbers);
}

int main(void)
{
    return co_run(print_some, NULL, NULL) < 0;
}

/* It prints:
 *     1
 *     1
 *     2
 *     3
 *     5
 *     no more wanted
 */

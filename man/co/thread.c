#include <haul/co/runtime.h>
#include <haul/co/thread.h>

#include <stdio.h>

static int count_primes(void *argument, const struct co_token *token)
{
    int below = *(int *)argument, count = 0;

    for (int number = 2; number < below && !co_token_cancelled(token); number++) {
        int divisor = 2;

        while (divisor * divisor <= number && number % divisor != 0)
            divisor++;
        count += divisor * divisor > number;
    }
    return count;
}

static int ask(struct co_task *self, void *argument)
{
    int below = 10000, count = co_to_thread(self, count_primes, &below);

    (void)argument;
    if (count >= 0)
        printf("%d primes below %d\n", count, below);
    return count;
}

int main(void)
{
    return co_run(ask, NULL, NULL) < 0;
}

/* It prints:
 *     1229 primes below 10000
 */

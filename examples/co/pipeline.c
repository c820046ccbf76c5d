/* pipeline.c - numbers go from a producer by three transformers to a consumer, over two bounded queues. */
#include <haul/co/group.h>
#include <haul/co/queue.h>
#include <haul/co/runtime.h>
#include <stdio.h>

static struct co_queue plain, squared;
static int transformers = 3;

static int produce(struct co_task *self, void *last)
{
    int result = 0;

    for (intptr_t number = 1; number <= (intptr_t)last && result == 0; number++)
        result = co_queue_put(self, &plain, (void *)number); /* waits while eight are there */
    co_queue_shut_down(&plain);
    return result;
}

static int transform(struct co_task *self, void *argument)
{
    int result;

    (void)argument;
    for (void *number; (result = co_queue_get(self, &plain, &number)) > 0;)
        co_queue_put(self, &squared, (void *)((intptr_t)number * (intptr_t)number));
    if (--transformers == 0)
        co_queue_shut_down(&squared); /* the last one shuts the door */
    return result;
}

static int consume(struct co_task *self, void *argument)
{
    struct co_group stages;
    intptr_t sum = 0;
    int result;

    (void)argument;
    co_group_open(self, &stages, CO_FAIL_FAST, 0);
    result = co_spawn(self, &stages, produce, (void *)1000);
    for (int i = 0; i < 3 && result == 0; i++)
        result = co_spawn(self, &stages, transform, NULL);
    for (void *number; result >= 0 && (result = co_queue_get(self, &squared, &number)) > 0;)
        sum += (intptr_t)number;
    printf("the sum of a thousand squares is %ld\n", (long)sum);
    return co_group_close(self, &stages, result);
}

int main(void)
{
    int result = co_queue_init(&plain, 8);

    if (result == 0 && (result = co_queue_init(&squared, 8)) == 0)
        result = co_run(consume, NULL, NULL);
    co_queue_release(&plain);
    co_queue_release(&squared);
    return result < 0;
}
/* It prints: the sum of a thousand squares is 333833500 */

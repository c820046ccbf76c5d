#include <haul/co/group.h>
#include <haul/co/queue.h>
#include <haul/co/runtime.h>

#include <stdio.h>

static int produce(struct co_task *self, void *argument)
{
    static const char *words[] = {"to", "be", "or", "not"};
    struct co_queue *queue = argument;
    int result = 0;

    for (size_t i = 0; i < 4 && result == 0; i++)
        result = co_queue_put(self, queue, (void *)words[i]);
    co_queue_shut_down(queue);
    return result;
}

static int consume(struct co_task *self, struct co_queue *queue)
{
    void *word;
    int result;

    while ((result = co_queue_get(self, queue, &word)) > 0)
        puts(word);
    return result;
}

static int talk(struct co_task *self, void *argument)
{
    struct co_queue queue;
    struct co_group group;
    int result = co_queue_init(&queue, 2);

    (void)argument;
    if (result < 0)
        return result;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, produce, &queue);
    if (result == 0)
        result = consume(self, &queue);
    result = co_group_close(self, &group, result);
    co_queue_release(&queue);
    return result;
}

int main(void)
{
    return co_run(talk, NULL, NULL) < 0;
}

/* It prints:
 *     to
 *     be
 *     or
 *     not
 */

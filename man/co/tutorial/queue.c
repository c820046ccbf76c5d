#include <haul/co/group.h>
#include <haul/co/queue.h>
#include <haul/co/runtime.h>
#include <stdio.h>

static int produce(struct co_task *self, void *queue)
{
    char *words[] = {"to", "be", "or"};
    int result = 0;

    for (int i = 0; i < 3 && result == 0; i++)
        result = co_queue_put(self, queue, words[i]);
    co_queue_shut_down(queue);
    return result;
}

static int run(struct co_task *self, void *argument)
{
    struct co_queue queue;
    struct co_group group;
    void *word;
    int result = co_queue_init(&queue, 2);

    (void)argument;
    if (result < 0)
        return result;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, produce, &queue);
    while (result >= 0 &&
           (result = co_queue_get(self, &queue, &word)) > 0)
        puts(word);
    result = co_group_close(self, &group, result);
    co_queue_release(&queue);
    return result;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

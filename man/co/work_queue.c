#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/work_queue.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>

struct letters {
    struct co_work_queue *queue;
    atomic_int written;
};

static int write_letter(void *argument, const struct co_token *token)
{
    struct letters *letters = argument;

    (void)token;
    letters->written++; /* on a thread */
    return 0;
}

static int send_letter(struct co_task *self, void *argument)
{
    struct letters *letters = argument;

    return co_work_queue_run(self, letters->queue, write_letter, letters);
}

static int send_letters(struct co_task *self, void *argument)
{
    struct letters letters = {.queue = co_work_queue_open(co_task_runtime(self), 2)};
    struct co_group group;
    int result = 0;

    (void)argument;
    if (!letters.queue)
        return -ENOMEM;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 100 && result == 0; i++)
        result = co_spawn(self, &group, send_letter, &letters);
    result = co_group_close(self, &group, result);
    co_work_queue_close(letters.queue);
    printf("%d letters\n", letters.written);
    return result;
}

int main(void)
{
    return co_run(send_letters, NULL, NULL) < 0;
}

/* It prints:
 *     100 letters
 */

#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/semaphore.h>

#include <stdio.h>

struct kitchen {
    struct co_semaphore stoves;
    int cooking, most;
};

static int cook(struct co_task *self, void *argument)
{
    struct kitchen *kitchen = argument;
    int result = co_semaphore_acquire(self, &kitchen->stoves);

    if (result < 0)
        return result;
    if (++kitchen->cooking > kitchen->most)
        kitchen->most = kitchen->cooking;
    result = co_sleep(self, CO_MILLISECONDS(1));
    kitchen->cooking--;
    co_semaphore_release(&kitchen->stoves);
    return result;
}

static int dinner(struct co_task *self, void *argument)
{
    struct kitchen kitchen = {.most = 0};
    struct co_group cooks;
    int result = 0;

    (void)argument;
    co_semaphore_init(&kitchen.stoves, 2);
    co_group_open(self, &cooks, CO_FAIL_FAST, 0);
    for (int i = 0; i < 6 && result == 0; i++)
        result = co_spawn(self, &cooks, cook, &kitchen);
    result = co_group_close(self, &cooks, result);
    printf("%d at a time\n", kitchen.most);
    return result;
}

int main(void)
{
    return co_run(dinner, NULL, NULL) < 0;
}

/* It prints:
 *     2 at a time
 */

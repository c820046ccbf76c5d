#include <haul/co/group.h>
#include <haul/co/lock.h>
#include <haul/co/runtime.h>
#include <stdio.h>

static int total;

static int add(struct co_task *self, void *lock)
{
    int old, result = co_lock_acquire(self, lock);

    if (result < 0)
        return result;
    old = total;
    result = co_yield_now(self);
    total = old + 1;
    co_lock_release(self, lock);
    return result;
}

static int run(struct co_task *self, void *argument)
{
    struct co_group group;
    struct co_lock lock;
    int result = 0;

    (void)argument;
    co_lock_init(&lock);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 3 && result == 0; i++)
        result = co_spawn(self, &group, add, &lock);
    result = co_group_close(self, &group, result);
    printf("%d\n", total);
    return result;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

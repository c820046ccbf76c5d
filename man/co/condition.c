#include <haul/co/condition.h>
#include <haul/co/group.h>
#include <haul/co/runtime.h>

#include <stdio.h>

struct store {
    struct co_lock lock;
    struct co_condition filled;
    int apples;
};

static int buy(struct co_task *self, void *argument)
{
    struct store *store = argument;
    int result = co_lock_acquire(self, &store->lock);

    if (result < 0)
        return result;
    while (store->apples == 0 && result == 0)
        result = co_condition_wait(self, &store->filled, &store->lock);
    if (result == 0)
        printf("bought one, %d left\n", --store->apples);
    co_lock_release(self, &store->lock);
    return result;
}

static int deliver(struct co_task *self, struct store *store)
{
    int result = co_lock_acquire(self, &store->lock);

    if (result < 0)
        return result;
    store->apples += 2;
    co_condition_notify_all(&store->filled);
    co_lock_release(self, &store->lock);
    return 0;
}

static int trade(struct co_task *self, void *argument)
{
    struct store store = {.apples = 0};
    struct co_group group;
    int result;

    (void)argument;
    co_lock_init(&store.lock);
    co_condition_init(&store.filled);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, buy, &store);
    if (result == 0)
        result = co_spawn(self, &group, buy, &store);
    if (result == 0)
        result = co_yield_now(self);
    if (result == 0)
        result = deliver(self, &store);
    return co_group_close(self, &group, result);
}

int main(void)
{
    return co_run(trade, NULL, NULL) < 0;
}

/* It prints:
 *     bought one, 1 left
 *     bought one, 0 left
 */

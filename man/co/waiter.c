#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/waiter.h>

#include <errno.h>
#include <stdio.h>

/* A door that whoever comes may open, for the one who waits at it. */
struct door {
    struct co_waiter *waiter;
};

static int wait_at(struct co_task *self, struct door *door)
{
    struct co_waiter waiter;
    int result;

    if (co_check(self) < 0)
        return -ECANCELED;
    co_waiter_init(&waiter, self, "door", co_abort_now);
    door->waiter = &waiter;
    result = co_park(self, &waiter);
    door->waiter = NULL;
    return result;
}

static int open_door(struct co_task *self, void *argument)
{
    struct door *door = argument;

    (void)self;
    if (door->waiter)
        co_wake(door->waiter, 5);
    return 0;
}

static int visit(struct co_task *self, void *argument)
{
    struct door door = {.waiter = NULL};
    struct co_group group;
    int result;

    (void)argument;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    result = co_spawn(self, &group, open_door, &door);
    if (result == 0)
        result = wait_at(self, &door);
    printf("the door gave %d\n", result);
    return co_group_close(self, &group, result);
}

int main(void)
{
    return co_run(visit, NULL, NULL) < 0;
}

/* It prints:
 *     the door gave 5
 */

#include <haul/base/list.h>
#include <haul/co/future.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>
#include <stdio.h>

struct delivery {
    struct co_timer timer;
    struct co_future future;
};

static void settle(struct co_timer *timer)
{
    struct delivery *delivery =
        LIST_MEMBER(timer, struct delivery, timer);

    co_future_resolve(&delivery->future, "done");
}

static int run(struct co_task *self, void *argument)
{
    struct delivery delivery = {.timer.on_expire = settle};
    void *value;
    int result;

    (void)argument;
    co_future_init(&delivery.future);
    co_timer_start(co_task_runtime(self), &delivery.timer,
                   co_after(CO_MILLISECONDS(10)));
    result = co_future_wait(self, &delivery.future, &value);
    co_timer_stop(co_task_runtime(self), &delivery.timer);
    if (result == 0)
        puts(value);
    return result;
}

int main(void)
{
    return co_run(run, NULL, NULL) < 0;
}

#include "debug.h"
#include "dispatch.h"

void co_waiter_init(struct co_waiter *waiter, struct co_task *self, const char *what,
                    enum co_abort (*on_cancel)(struct co_waiter *))
{
    *waiter = (struct co_waiter){.task = self, .on_cancel = on_cancel, .what = what};
}

int co_park(struct co_task *self, struct co_waiter *waiter)
{
    check_running(self);
    self->runtime->completions = 0;
    if (waiter->task) { /* else it was woken before it could park, and is ready */
        self->waiter = waiter;
        self->waiting_since = (int64_t)self->runtime->last_poll;
        self->abort_asked = false;
        if (task_is_cancelled(self))
            scope_abort_wait(self);
    }
    dispatch_leave(self);
    return self->wake_result;
}

bool co_wake(struct co_waiter *waiter, int result)
{
    struct co_task *task = waiter->task;

    if (!task)
        return false;
    if (UNLIKELY(task->runtime->watched))
        debug_check_thread(task->runtime);
    waiter->task = NULL;
    list_remove(&waiter->link);
    task->wake_result = result;
    task->waiter = NULL;
    scheduler_make_ready(task);
    return true;
}

enum co_abort co_abort_now(struct co_waiter *waiter)
{
    (void)waiter;
    return CO_ABORT_NOW;
}

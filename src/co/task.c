#include "dispatch.h"

int co_yield_now(struct co_task *self)
{
    assert(self == self->runtime->running);
    if (task_is_cancelled(self))
        return -ECANCELED;
    dispatch_pass(self);
    return 0;
}

int co_check(struct co_task *self)
{
    return task_is_cancelled(self) ? -ECANCELED : 0;
}

int co_join(struct co_task *self, struct co_task *other)
{
    struct co_waiter waiter;
    int result;

    assert(other->handle);
    if (task_is_cancelled(self))
        return -ECANCELED;
    if (!other->ended) {
        co_waiter_init(&waiter, self, "task to end", co_abort_now);
        other->joiner = &waiter;
        result = co_park(self, &waiter);
        other->joiner = NULL;
        if (result < 0)
            return result;
    }
    result = other->result;
    list_remove(&other->ended_link);
    task_free(other);
    return result;
}

bool co_cancel(struct co_task *task)
{
    if (task->ended)
        return false;
    co_scope_cancel(&task->base);
    return true;
}

enum co_task_state co_task_state(const struct co_task *task)
{
    if (task->ended)
        return task->result == -ECANCELED ? CO_CANCELLED : CO_FINISHED;
    return task == task->runtime->running ? CO_RUNNING : CO_PENDING;
}

const char *co_task_name(const struct co_task *task)
{
    return task->name;
}

struct co_runtime *co_task_runtime(const struct co_task *task)
{
    return task->runtime;
}

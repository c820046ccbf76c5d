#include "dispatch.h"

int co_yield_now(struct co_task *self)
{
    assert(self == self->runtime->running); /* check_running() would be a tenth of its time */
    if (task_is_cancelled(self))
        return -ECANCELED;
    dispatch_pass(self);
    return 0;
}

int co_check(struct co_task *self)
{
    return task_is_cancelled(self) ? -ECANCELED : 0;
}

static enum co_abort stop_joining(struct co_waiter *waiter)
{
    LIST_MEMBER(waiter, struct joiner, waiter)->other->joiner = NULL;
    return CO_ABORT_NOW;
}

/* A task that ends while it is being joined leaves its result with the joiner and is gone. */
static int wait_for_end(struct co_task *self, struct co_task *other)
{
    struct joiner joiner = {.other = other};
    int result;

    assert(!other->joiner && !other->watch);
    co_waiter_init(&joiner.waiter, self, "task to end", stop_joining);
    other->joiner = &joiner;
    result = co_park(self, &joiner.waiter);
    return result < 0 ? result : joiner.result;
}

int co_join(struct co_task *self, struct co_task *other)
{
    int result;

    assert(other->handle);
    if (task_is_cancelled(self))
        return -ECANCELED;
    if (!other->ended)
        return wait_for_end(self, other);
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

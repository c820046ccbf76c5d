#include "wait.h"

#include "scheduler.h"

#include <haul/co/wait.h>

/* On the stack of the waiting task; each task that has not ended points to it. */
struct watch {
    struct co_waiter waiter;
    enum co_wait_until until;
    size_t count, ended;
    bool failed; /* one of those that have ended */
};

static bool is_over(const struct watch *watch)
{
    if (watch->ended == watch->count)
        return true;
    if (watch->until == CO_FIRST_DONE)
        return watch->ended > 0;
    return watch->until == CO_FIRST_ERROR && watch->failed;
}

static void note_end(struct watch *watch, const struct co_task *task)
{
    watch->ended++;
    watch->failed = watch->failed || (task->result < 0 && task->result != -ECANCELED);
}

void watch_task_ended(struct watch *watch, const struct co_task *task)
{
    note_end(watch, task);
    if (is_over(watch))
        co_wake(&watch->waiter, 0);
}

static void watch_tasks(struct watch *watch, struct co_task **tasks)
{
    for (size_t i = 0; i < watch->count; i++) {
        assert(tasks[i]->handle && !tasks[i]->joiner && !tasks[i]->watch);
        if (tasks[i]->ended)
            note_end(watch, tasks[i]);
        else
            tasks[i]->watch = watch;
    }
}

/* -ETIMEDOUT, -ECANCELED, or 0: it is over. */
static int park_until(struct co_task *self, struct watch *watch, int64_t deadline)
{
    struct co_scope scope;

    if (is_over(watch)) {
        co_completed_at_once(self);
        return 0;
    }
    co_scope_begin(self, &scope, deadline);
    return co_scope_end(self, &scope, co_park(self, &watch->waiter));
}

static void move_to_front(struct co_task **tasks, size_t place, size_t front)
{
    struct co_task *task = tasks[place];

    tasks[place] = tasks[front];
    tasks[front] = task;
}

int co_wait(struct co_task *self, struct co_task **tasks, size_t count, enum co_wait_until until, int64_t deadline)
{
    struct watch watch = {.until = until, .count = count};
    size_t done = 0;
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    co_waiter_init(&watch.waiter, self, "one of several tasks to end", co_abort_now);
    watch_tasks(&watch, tasks);
    result = park_until(self, &watch, deadline);
    for (size_t i = 0; i < count; i++)
        tasks[i]->watch = NULL;
    if (result == -ECANCELED)
        return result;
    for (size_t i = 0; i < count; i++)
        if (tasks[i]->ended)
            move_to_front(tasks, i, done++);
    return (int)done;
}

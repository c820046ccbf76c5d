/* dispatch.h - from task to task.
 *
 * A task that waits goes on to the next ready one directly; the scheduler's own stack has its turn when there is none
 * or the loop is to be polled.  All of it is inline in the few functions that wait: switch.h tells why.
 */
#pragma once

#include "scheduler.h"

static inline struct co_task *dispatch_take_ready(struct co_runtime *runtime)
{
    struct co_task *task;

    if (UNLIKELY(runtime->watched))
        scheduler_step_in(runtime);
    task = runtime->first_ready;
    if (!task)
        return NULL;
    runtime->first_ready = task->next_ready;
    __builtin_prefetch(task->next_ready); /* its line may be far away when there are many */
    if (!runtime->first_ready)
        runtime->last_ready = &runtime->first_ready;
    return task;
}

/* NULL: the scheduler, which polls. */
static inline struct co_task *dispatch_next(struct co_runtime *runtime)
{
    if (UNLIKELY(--runtime->switches_to_check == 0) && scheduler_poll_is_due(runtime))
        return NULL;
    return dispatch_take_ready(runtime);
}

/* errno is exchanged before the switch: after it there is nothing left to do but return. */
static inline void dispatch_switch(struct co_runtime *runtime, struct switch_point *save, void **fake_stack,
                                   struct co_task *next)
{
    runtime->running = next;
    annotate_leave(fake_stack, next ? &next->stack : NULL, &runtime->thread);
    if (LIKELY(next))
        *runtime->thread_errno = next->saved_errno;
    switch_stacks(save, LIKELY(next) ? &next->parked : &runtime->scheduler_parked);
}

/* On to the next; returns when self runs again. */
static inline void dispatch_leave(struct co_task *self)
{
    struct co_runtime *runtime = self->runtime;
    struct co_task *next = dispatch_next(runtime);

    if (next == self)
        return;
    self->saved_errno = *runtime->thread_errno;
    dispatch_switch(runtime, &self->parked, &self->fake_stack, next);
    annotate_arrive(self->fake_stack, NULL);
}

/* The same as a ready task: yields whatever the cancel. */
static inline void dispatch_pass(struct co_task *self)
{
    self->runtime->completions = 0;
    scheduler_make_ready(self);
    dispatch_leave(self);
}

/* scheduler.h - what the files of this room share: the insides of a task and of a runtime, and moving between tasks. */
#pragma once

#include "annotations.h"
#include "stack.h"
#include "switch.h"

#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <haul/co/timer.h>
#include <haul/co/waiter.h>

#include <assert.h>
#include <errno.h>
#include <uv.h>

#define CO_TASK_NAME_SIZE         24
#define POLL_CHECK_SWITCHES       64
#define POLL_INTERVAL_NANOSECONDS 50000
#define COMPLETIONS_IN_A_ROW      128

struct co_task {
    struct stack stack; /* first: the pool hands out stacks, a task begins with its own */
    void *parked_at;    /* for co_switch */
    void *fake_stack;   /* AddressSanitizer's */
    struct co_runtime *runtime;
    struct co_task *next_ready;
    struct co_waiter *waiter; /* parked on it */
    int wake_result;
    bool abort_asked; /* the waiter's on_cancel has been called */
    bool ended;
    bool handle; /* somebody may join it */
    int result;
    struct co_scope *scope; /* innermost */
    struct co_scope base;   /* outermost */
    struct co_group *group; /* NULL: the first task */
    struct list ended_link; /* in the group, when ended with a handle */
    struct co_waiter *joiner;
    co_function *function;
    void *argument;
    char name[CO_TASK_NAME_SIZE];
};

struct co_runtime {
    uv_loop_t *loop;
    struct co_task *running; /* NULL: the scheduler itself */
    struct co_task *first_ready, **last_ready;
    int switches_to_check;
    unsigned completions; /* awaits in a row that did not park */
    void *scheduler_parked_at, *scheduler_fake_stack;
    struct thread_stack thread;

    struct co_timer *timers; /* root of the pairing heap */
    uint64_t timer_sequence;
    uv_timer_t loop_timer;
    int64_t loop_timer_moment; /* what loop_timer is set to; CO_FOREVER: stopped */

    struct stack_pool stacks;
    struct co_task *first_task;
    bool deadlocked;
    size_t lookups; /* under way, their askers still there or not */

    uint64_t shuffle;
    size_t ready_count; /* kept only when shuffling */
    uint64_t last_poll;
    struct co_statistics statistics;
};

/* ready tasks */
void scheduler_make_ready(struct co_task *task);
void scheduler_leave(struct co_task *self); /* on to the next ready task; returns when self runs again */
void scheduler_pass(struct co_task *self);  /* the same, as a ready task: yields whatever the cancel */

/* tasks */
struct co_task *task_create(struct co_runtime *runtime, struct co_scope *parent, const char *name,
                            co_function *function, void *argument);
void task_free(struct co_task *task);
void group_task_ended(struct co_task *task); /* tells its group; frees it when nobody holds a handle */

/* Every task that has not ended, from the first one down. */
void tasks_each(const struct co_runtime *runtime, void (*visit)(const struct co_task *, void *), void *argument);

/* scopes */
void scope_attach(struct co_scope *scope, struct co_task *task, struct co_scope *parent, bool shielded);
void scope_abort_wait(struct co_task *task); /* the task's scope has been cancelled while it was parked */

/* timers */
int64_t timers_next(const struct co_runtime *runtime); /* CO_FOREVER: none */
void timers_expire(struct co_runtime *runtime);

static inline bool task_is_cancelled(const struct co_task *task)
{
    return task->scope->effective;
}

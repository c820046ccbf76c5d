/* scheduler.h - what the files of this room share: the insides of a task and of a runtime. */
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

struct joiner {
    struct co_waiter waiter;
    struct co_task *other;
    int result; /* of the other */
};

/* In the order of use: what starting, switching and ending touch comes first. */
struct co_task {
    struct stack stack; /* first: the pool hands out stacks, a task begins with its own */
    struct switch_point parked;
    struct co_runtime *runtime;
    struct co_task *next_ready;
    struct co_waiter *waiter; /* parked on it */
    struct co_scope *scope;   /* innermost */
    struct co_group *group;   /* NULL: the first task */
    struct joiner *joiner;
    struct watch *watch; /* of somebody who waits for several tasks, this one among them */
    co_function *function;
    void *argument;
    int wake_result;
    int saved_errno;
    int result;
    bool abort_asked; /* the waiter's on_cancel has been called */
    bool ended;
    bool handle; /* somebody may join it */
    char name[CO_TASK_NAME_SIZE];
    struct list ended_link; /* in the group, when ended with a handle */
    struct co_scope base;   /* outermost */
    void *fake_stack;       /* AddressSanitizer's */
};

struct co_runtime {
    uv_loop_t *loop;
    struct co_task *running; /* NULL: the scheduler itself */
    struct co_task *first_ready, **last_ready;
    int switches_to_check;
    unsigned completions; /* awaits in a row that did not park */
    int *thread_errno;    /* the address of errno: the compiler's own way asks for it at each turn */
    struct switch_point scheduler_parked;
    void *scheduler_fake_stack;
    struct thread_stack thread;

    struct co_timer *timers; /* root of the pairing heap */
    uint64_t timer_sequence;
    uv_timer_t loop_timer;
    int64_t loop_timer_moment; /* what loop_timer is set to; CO_FOREVER: stopped */

    struct stack_pool stacks;
    struct co_task *first_task;
    bool deadlocked;

    size_t holds;       /* what must end before the runtime does, whether a task waits for it or not */
    struct list soon;   /* callbacks */
    struct list posted; /* those from other threads, under the lock */
    uv_mutex_t posted_lock;
    uv_async_t posted_async;

    uint64_t shuffle;
    uint64_t last_poll;
    struct co_statistics statistics;
};

/* the slow parts of dispatch.h */
void scheduler_shuffle(struct co_runtime *runtime) __attribute__((cold));
bool scheduler_poll_is_due(struct co_runtime *runtime) __attribute__((cold));

static inline void scheduler_make_ready(struct co_task *task)
{
    struct co_runtime *runtime = task->runtime;

    task->next_ready = NULL;
    *runtime->last_ready = task;
    runtime->last_ready = &task->next_ready;
}

/* tasks */
struct co_task *task_create(struct co_runtime *runtime, struct co_scope *parent, const char *name,
                            co_function *function, void *argument);
void task_free(struct co_task *task);
void group_task_ended(
    struct co_task *task); /* tells its group and its joiner; frees it unless somebody may join it later */

/* Every task that has not ended, from the first one down. */
void tasks_each(const struct co_runtime *runtime, void (*visit)(const struct co_task *, void *), void *argument);

/* scopes */
void scope_attach(struct co_scope *scope, struct co_task *task, struct co_scope *parent, bool shielded);
void scope_detach(struct co_scope *scope);
void scope_abort_wait(struct co_task *task); /* the task's scope has been cancelled while it was parked */

/* timers */
int64_t timers_next(const struct co_runtime *runtime); /* CO_FOREVER: none */
void timers_expire(struct co_runtime *runtime);

static inline bool task_is_cancelled(const struct co_task *task)
{
    return task->scope->effective;
}

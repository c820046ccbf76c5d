/* scheduler.h - what the files of this room share: the insides of a task and of a runtime. */
#pragma once

#include "annotations.h"
#include "interrupt.h"
#include "overflow.h"
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

#define LIKELY(condition)         __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition)       __builtin_expect(!!(condition), 0)

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
    int64_t waiting_since;
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
    bool watched;         /* scheduler_step_in has something to do */
    bool debug;
    int *thread_errno; /* the address of errno: the compiler's own way asks for it at each turn */
    struct switch_point scheduler_parked;
    void *scheduler_fake_stack;
    struct thread_stack thread;

    struct co_timer *timers; /* root of the pairing heap */
    uint64_t timer_sequence;
    uv_timer_t loop_timer;
    int64_t loop_timer_moment; /* what loop_timer is set to; CO_FOREVER: stopped */

    struct stack_pool stacks;
    struct co_task *first_task;
    unsigned deadlocks;

    size_t holds;       /* what must end before the runtime does, whether a task waits for it or not */
    struct list soon;   /* callbacks */
    struct list posted; /* those from other threads, under the lock */
    uv_mutex_t posted_lock;
    uv_async_t posted_async;

    uint64_t shuffle;
    int64_t turn_began; /* in debug mode: when the running task was given its turn */
    uv_signal_t dump_signal;
    bool dumps; /* dump_signal is open */
    struct overflow_watch overflow_watch;
    struct interrupt_watch interrupt_watch;
    uint64_t last_poll;
    struct co_statistics statistics;
};

/* the slow parts of dispatch.h */
void scheduler_step_in(struct co_runtime *runtime) __attribute__((cold)); /* before each choice of the next task */
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

/* scopes */
void scope_attach(struct co_scope *scope, struct co_task *task, struct co_scope *parent, bool shielded);
void scope_detach(struct co_scope *scope);
void scope_abort_wait(struct co_task *task);          /* the task's scope has been cancelled while it was parked */
bool scope_cancel_shields_too(struct co_scope *root); /* the last resort; false when all was cancelled before */

/* The tree of scopes, each before those inside it, without recursion: thousands may nest.  Gives the one after `scope`,
 * or after all that is inside it; NULL when `root` has been walked. */
static inline struct co_scope *scope_after(const struct co_scope *scope, const struct co_scope *root, bool inside)
{
    if (inside && !list_is_empty(&scope->children))
        return LIST_MEMBER(scope->children.next, struct co_scope, link);
    for (; scope != root; scope = scope->parent) {
        if (scope->link.next != &scope->parent->children)
            return LIST_MEMBER(scope->link.next, struct co_scope, link);
    }
    return NULL;
}

static inline bool scope_is_outermost(const struct co_scope *scope) /* of its task */
{
    return scope == &scope->task->base;
}

/* The group that opened it, if there are tasks in it. */
const struct co_group *scope_group(const struct co_scope *scope);

/* Every task that has not ended, each before those in its groups; NULL when there are no more. */
struct co_task *task_first(const struct co_runtime *runtime);
struct co_task *task_after(const struct co_task *task);

/* timers */
int64_t timers_next(const struct co_runtime *runtime); /* CO_FOREVER: none */
void timers_expire(struct co_runtime *runtime);

static inline bool task_is_cancelled(const struct co_task *task)
{
    return task->scope->effective;
}

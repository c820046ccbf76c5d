/* co.h - what the files of the model share: what is in it, and how an await is judged. */
#pragma once

#include "../../src/co/scheduler.h"

#include <haul/co/condition.h>
#include <haul/co/event.h>
#include <haul/co/future.h>
#include <haul/co/lock.h>
#include <haul/co/queue.h>
#include <haul/co/semaphore.h>
#include <haul/co/work_queue.h>

#include <stdio.h>
#include <stdlib.h>

#define SEMAPHORES    4
#define LOCKS         3
#define QUEUES        3
#define WORKERS       60
#define TASKS_MAXIMUM 400
#define DEPTH_MAXIMUM 4

struct permits {
    struct co_semaphore semaphore;
    long held, total;
    bool resized;
};

struct room {
    struct co_lock lock;
    struct co_task *inside;
    struct co_condition changed;
    long notified, returned; /* of those who waited for it to change */
};

struct item {
    bool passed;
};

/* Many wait for one that somebody settles; it goes with the last who uses it. */
struct shared_future {
    struct co_future future;
    int users, result;
};

struct model {
    uint64_t seed, random;
    long operations;
    struct permits permits[SEMAPHORES];
    struct room rooms[LOCKS];
    struct co_queue queues[QUEUES];
    struct co_event event;
    struct shared_future *future; /* not settled yet */
    struct co_work_queue *work_queue;
    struct co_group *workers;
    struct list tasks, scopes; /* those that may be cancelled */
    size_t task_count, scope_count;
    long made, got, kept;           /* items */
    long lent, given_back, dropped; /* arguments of work that may be abandoned */
    long posts, posted;
    long callbacks, called, forgotten; /* of futures */
    long cancels, waits_cancelled, threads, shutdowns, runtimes, tasks_in_all, switches;
};

struct worker {
    struct list link;
    struct model *model;
    struct co_task *task;
    int depth;
};

struct worker_scope {
    struct list link;
    struct co_scope scope;
};

struct child {
    struct worker worker;
    struct co_future *future; /* to settle in the end, or NULL */
    int *living;
    bool ran;
};

static inline _Noreturn void fail(const struct model *model, const char *what)
{
    fprintf(stderr, "model: seed %llu: %s, %ld operations before the end\n", (unsigned long long)model->seed, what,
            model->operations);
    abort();
}

static inline void must(const struct model *model, bool holds, const char *otherwise)
{
    if (!holds)
        fail(model, otherwise);
}

static inline unsigned below(struct model *model, unsigned limit)
{
    model->random ^= model->random << 13;
    model->random ^= model->random >> 7;
    model->random ^= model->random << 17;
    return (unsigned)((model->random >> 16) % limit);
}

static inline bool one_in(struct model *model, unsigned chances)
{
    return below(model, chances) == 0;
}

static inline bool should_be_cancelled(const struct co_scope *scope)
{
    return scope->cancelled || (!scope->shielded && scope->parent && should_be_cancelled(scope->parent));
}

/* Around every await: a cancelled task's fails, and no other's is cancelled. */
static inline int judge(struct worker *worker, bool was_cancelled, int result)
{
    must(worker->model, (co_check(worker->task) < 0) == should_be_cancelled(worker->task->scope),
         "a cancel did not reach a scope, or reached too far");
    if (was_cancelled)
        must(worker->model, result == -ECANCELED, "an await by a cancelled task did not fail");
    if (result == -ECANCELED) {
        must(worker->model, co_check(worker->task) == -ECANCELED, "an await was cancelled, but not its task");
        worker->model->waits_cancelled++;
    }
    return result;
}

#define AWAIT(worker, call)                                                                                            \
    ({                                                                                                                 \
        bool was_cancelled = co_check((worker)->task) < 0;                                                             \
        judge((worker), was_cancelled, (call));                                                                        \
    })

/* co.c */
int model_do_something(struct worker *worker);
int model_pause(struct worker *worker);
int model_child_main(struct co_task *self, void *child);
int model_put_item(struct worker *worker, struct co_queue *queue);
int model_get_item(struct worker *worker, struct co_queue *queue);
void model_take(struct model *model, struct item *item);
/* The worker's own scope, which others may cancel. */
void model_scope_begin(struct worker *worker, struct worker_scope *own, int64_t deadline, bool shielded);
int model_scope_end(struct worker *worker, struct worker_scope *own, int body);
int64_t model_soon(struct model *model, unsigned microseconds); /* a moment before so many are over */

/* co_waits.c, co_calls.c: each one operation. */
int model_wait_for_condition(struct worker *worker);
int model_use_shared_future(struct worker *worker);
int model_use_callbacks(struct worker *worker);
int model_pass_through_pipe(struct worker *worker);
int model_gather(struct worker *worker);
int model_wait_for_some(struct worker *worker);
int model_take_as_completed(struct worker *worker);
int model_generate(struct worker *worker);
int model_call_in_scope(struct worker *worker);
int model_lend_to_thread(struct worker *worker);
int model_post(struct worker *worker);
int model_queue_work(struct worker *worker);

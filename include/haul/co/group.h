/* group.h - tasks that end together: closing a group returns only when every task in it has ended.
 *
 *     struct co_group group;
 *     co_group_open(self, &group, CO_FAIL_FAST, 0);
 *     int result = co_spawn(self, &group, fetch, "https://example.org/a");
 *     if (result == 0)
 *         result = co_spawn(self, &group, fetch, "https://example.org/b");
 *     result = co_group_close(self, &group, result);
 *
 * A group opens a scope, from co_group_open to co_group_close; its tasks are inside it.  Tasks start on a later turn,
 * first-in first-out.  Whoever opened a group must close it, in the same task and on every road.  A deadline for all of
 * it is that of a scope around it.
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/scope.h>
#include <haul/co/task.h>

#include <stddef.h>

CO_EXPORT_BEGIN

enum co_group_policy {
    CO_FAIL_FAST, /* the first failure cancels the other tasks and the body, and is what closing returns */
    CO_COLLECT,   /* nobody is cancelled; closing returns what the body gave */
};

#define CO_GROUP_ERRORS_MAXIMUM 8

struct co_group_error {
    char task[24];
    int result;
};

struct co_group {
    /* private: */
    struct co_scope scope;
    struct list ended;    /* with a handle that nobody has joined */
    struct list given;    /* of these, by co_group_next */
    struct list spawners; /* waiting for the limit */
    struct list nexters;  /* waiting in co_group_next */
    struct co_waiter *closer;
    enum co_group_policy policy;
    unsigned live, limit;
    int failure;
    bool cut_short; /* a cancel from outside has ended a task */
    struct co_group_error errors[CO_GROUP_ERRORS_MAXIMUM];
    size_t error_count;
};

/* Spawning waits while `limit` tasks of the group live; 0 is no limit.  What a task costs: task.h. */
void co_group_open(struct co_task *self, struct co_group *group, enum co_group_policy policy, unsigned limit);

/* Starts a task, for the one who opened the group or any task inside it.  After a failure the function is never called
 * and the argument is still the caller's.
 *
 * Fails with -ECANCELED: the group is cancelled, or the caller; -ENOMEM: there is no stack for it. */
int co_spawn(struct co_task *self, struct co_group *group, co_function *function, void *argument);

/* The same with a name (copied, 23 bytes at most; NULL for none) and, unless `ret_task` is NULL, a handle for co_join.
 * Handles that nobody joined end with the group.
 *
 * Fails as co_spawn. */
int co_spawn_named(struct co_task *self, struct co_group *group, const char *name, co_function *function,
                   void *argument, struct co_task **ret_task);

/* The tasks one by one as they end, of those with a handle that nobody joins meanwhile; co_join then gives the result
 * without waiting.  asyncio's as_completed.
 *
 * Gives 1 and a task; 0 when the group has no task left that could be given.
 *
 * Fails when cancelled. */
int co_group_next(struct co_task *self, struct co_group *group, struct co_task **ret_task);

/* Cancels the tasks and the rest of the body; does not wait.  For whoever is on the thread of the runtime, a task
 * inside or outside or a callback, as often as they like, until the group has been closed: not after, when its memory
 * may be gone.  Closing then turns a body's -ECANCELED into 0 (the table in scope.h); any other result of the body
 * stays. */
void co_group_cancel(struct co_group *group);

/* Waits for all tasks, cancelled or not.  `result` is what the body came to; under CO_FAIL_FAST a failed body cancels
 * the tasks.  A task that ends with -ECANCELED has not failed.
 *
 * Gives `result`; 0 in place of -ECANCELED when co_group_cancel was the reason.
 *
 * Fails as the body did; under CO_FAIL_FAST, when the body came to its end or was cancelled, as the first task that
 * failed; -ECANCELED: a cancel from outside the group has ended the body, or a task, and then also when the body had
 * come to its end before. */
int co_group_close(struct co_task *self, struct co_group *group, int result);

/* How many tasks failed; the first CO_GROUP_ERRORS_MAXIMUM are told, in `group`, whose memory they share.  Also good
 * after closing. */
size_t co_group_errors(const struct co_group *group, const struct co_group_error **ret_errors);

CO_EXPORT_END

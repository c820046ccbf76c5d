#include "scheduler.h"
#include "wait.h"

#include <string.h>

void co_group_open(struct co_task *self, struct co_group *group, enum co_group_policy policy, unsigned limit)
{
    co_scope_begin(self, &group->scope, CO_FOREVER);
    list_init(&group->ended);
    list_init(&group->given);
    list_init(&group->spawners);
    list_init(&group->nexters);
    group->closer = NULL;
    group->policy = policy;
    group->live = 0;
    group->limit = limit;
    group->failure = 0;
    group->cut_short = false;
    group->error_count = 0;
}

static int wait_for_room(struct co_task *self, struct co_group *group)
{
    while (group->limit > 0 && group->live >= group->limit) {
        struct co_waiter waiter;
        int result;

        co_waiter_init(&waiter, self, "room in a group", co_abort_now);
        list_append(&group->spawners, &waiter.link);
        result = co_park(self, &waiter);
        if (result < 0)
            return result;
    }
    return 0;
}

static int spawn_now(struct co_task *self, struct co_group *group, const char *name, co_function *function,
                     void *argument, struct co_task **ret_task)
{
    struct co_task *task;

    if (group->scope.effective)
        return -ECANCELED;
    task = task_create(self->runtime, &group->scope, name, function, argument);
    if (!task)
        return -ENOMEM;
    task->group = group;
    group->live++;
    if (ret_task) {
        task->handle = true;
        *ret_task = task;
    }
    return 0;
}

static void wake_spawner(struct co_group *group)
{
    if (!list_is_empty(&group->spawners))
        co_wake(LIST_MEMBER(group->spawners.next, struct co_waiter, link), 0);
}

static int spawn(struct co_task *self, struct co_group *group, const char *name, co_function *function, void *argument,
                 struct co_task **ret_task)
{
    int result;

    if (task_is_cancelled(self) || wait_for_room(self, group) < 0)
        return -ECANCELED;
    result = spawn_now(self, group, name, function, argument, ret_task);
    if (result < 0)
        wake_spawner(group); /* the room is still there */
    return result;
}

int co_spawn(struct co_task *self, struct co_group *group, co_function *function, void *argument)
{
    return spawn(self, group, NULL, function, argument, NULL);
}

int co_spawn_named(struct co_task *self, struct co_group *group, const char *name, co_function *function,
                   void *argument, struct co_task **ret_task)
{
    return spawn(self, group, name, function, argument, ret_task);
}

static void note_failure(struct co_group *group, const struct co_task *task)
{
    if (group->error_count < CO_GROUP_ERRORS_MAXIMUM) {
        struct co_group_error *error = &group->errors[group->error_count];

        memcpy(error->task, task->name, sizeof error->task);
        error->result = task->result;
    }
    group->error_count++;
    if (group->policy == CO_COLLECT || group->failure < 0)
        return;
    group->failure = task->result;
    co_scope_cancel(&group->scope);
}

struct nexter {
    struct co_waiter waiter;
    struct co_task *task; /* what it is given */
};

static struct nexter *first_nexter(struct co_group *group)
{
    return list_is_empty(&group->nexters) ? NULL : LIST_MEMBER(group->nexters.next, struct nexter, waiter.link);
}

static void keep_for_joining(struct co_group *group, struct co_task *task)
{
    struct nexter *nexter = first_nexter(group);

    list_append(nexter ? &group->given : &group->ended, &task->ended_link);
    if (task->watch)
        watch_task_ended(task->watch, task);
    if (!nexter)
        return;
    nexter->task = task;
    co_wake(&nexter->waiter, 1);
}

static void free_ended(struct co_task *task)
{
    if (task->joiner) {
        task->joiner->result = task->result;
        co_wake(&task->joiner->waiter, 0);
    }
    task_free(task);
}

static void wake_all_that_wait_for_the_last(struct co_group *group)
{
    struct nexter *nexter;

    while ((nexter = first_nexter(group)))
        co_wake(&nexter->waiter, 0);
    if (group->closer)
        co_wake(group->closer, 0);
}

void group_task_ended(struct co_task *task)
{
    struct co_group *group = task->group;

    if (!group)
        return;
    group->live--;
    if (task->result == -ECANCELED && group->scope.parent->effective)
        group->cut_short = true;
    else if (task->result < 0 && task->result != -ECANCELED)
        note_failure(group, task);
    wake_spawner(group);
    if (task->handle && !task->joiner)
        keep_for_joining(group, task);
    else
        free_ended(task);
    if (group->live == 0)
        wake_all_that_wait_for_the_last(group);
}

int co_group_next(struct co_task *self, struct co_group *group, struct co_task **ret_task)
{
    struct nexter nexter = {.task = NULL};
    struct list *link;
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    link = list_take_first(&group->ended);
    if (link) {
        *ret_task = LIST_MEMBER(link, struct co_task, ended_link);
        list_append(&group->given, link);
        co_completed_at_once(self);
        return 1;
    }
    if (group->live == 0)
        return 0;
    co_waiter_init(&nexter.waiter, self, "the next task of a group to end", co_abort_now);
    list_append(&group->nexters, &nexter.waiter.link);
    result = co_park(self, &nexter.waiter);
    if (result == 1)
        *ret_task = nexter.task;
    return result;
}

void co_group_cancel(struct co_group *group)
{
    co_scope_cancel(&group->scope);
}

/* Not to be cancelled: the cancel has reached the tasks, and they will end. */
static void wait_for_tasks(struct co_task *self, struct co_group *group)
{
    struct co_waiter waiter;

    if (group->live == 0)
        return;
    co_waiter_init(&waiter, self, "tasks of a group to end", NULL);
    group->closer = &waiter;
    co_park(self, &waiter);
    group->closer = NULL;
}

int co_group_close(struct co_task *self, struct co_group *group, int result)
{
    bool cancelled_elsewhere = result == -ECANCELED && !group->scope.cancelled;

    if (result < 0 && group->policy == CO_FAIL_FAST)
        co_scope_cancel(&group->scope);
    wait_for_tasks(self, group);
    list_splice(&group->ended, &group->given);
    LIST_EACH_REMOVABLE (link, &group->ended) {
        list_remove(link);
        task_free(LIST_MEMBER(link, struct co_task, ended_link));
    }
    if (group->cut_short && result >= 0)
        result = -ECANCELED;
    result = co_scope_end(self, &group->scope, result);
    if (group->failure < 0 && (result >= 0 || result == -ECANCELED))
        return group->failure;
    return cancelled_elsewhere ? -ECANCELED : result;
}

size_t co_group_errors(const struct co_group *group, const struct co_group_error **ret_errors)
{
    *ret_errors = group->errors;
    return group->error_count;
}

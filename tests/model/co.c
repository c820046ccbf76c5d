/* A random model of the coroutine layer: tasks that use everything, and are cancelled at any moment.
 *
 *     model_co [SEED [OPERATIONS]]
 *
 * Many tasks take permits and locks, pass items, open groups and scopes, spawn, join, wait for events, futures and
 * threads, and cancel each other, in an order that the seed decides (but for the clock).  What must hold all the while:
 *
 *   - an await by a cancelled task fails with -ECANCELED, and only an await by a cancelled task does;
 *   - a scope is cancelled when it was told to be, or the one around it is and it is not shielded;
 *   - no permit is held twice or lost, one task at a time is inside a lock;
 *   - every item that was put is got once, unless it came back to its putter;
 *   - a scope gives what the table in scope.h says; a closed group has no tasks;
 *   - in the end no task lives and everything has come back.
 */
#include "../../src/co/scheduler.h"

#include <haul/co/event.h>
#include <haul/co/future.h>
#include <haul/co/lock.h>
#include <haul/co/queue.h>
#include <haul/co/semaphore.h>
#include <haul/co/thread.h>

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
};

struct item {
    bool passed;
};

struct model {
    uint64_t seed, random;
    long operations;
    struct permits permits[SEMAPHORES];
    struct room rooms[LOCKS];
    struct co_queue queues[QUEUES];
    struct co_event event;
    struct list tasks, scopes; /* those that may be cancelled */
    size_t task_count, scope_count;
    long made, got, kept, cancels, waits_cancelled, threads;
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

static _Noreturn void fail(const struct model *model, const char *what)
{
    fprintf(stderr, "model: seed %llu: %s, %ld operations before the end\n", (unsigned long long)model->seed, what,
            model->operations);
    abort();
}

static void must(const struct model *model, bool holds, const char *otherwise)
{
    if (!holds)
        fail(model, otherwise);
}

static unsigned below(struct model *model, unsigned limit)
{
    model->random ^= model->random << 13;
    model->random ^= model->random >> 7;
    model->random ^= model->random << 17;
    return (unsigned)((model->random >> 16) % limit);
}

static bool one_in(struct model *model, unsigned chances)
{
    return below(model, chances) == 0;
}

static bool should_be_cancelled(const struct co_scope *scope)
{
    return scope->cancelled || (!scope->shielded && scope->parent && should_be_cancelled(scope->parent));
}

/* Around every await: a cancelled task's fails, and no other's is cancelled. */
static int judge(struct worker *worker, bool was_cancelled, int result)
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

static int do_something(struct worker *worker);

static int pause_briefly(struct worker *worker)
{
    struct model *model = worker->model;

    if (one_in(model, 3))
        return AWAIT(worker, co_sleep(worker->task, below(model, 200) * 1000));
    return AWAIT(worker, co_yield_now(worker->task));
}

static int hold_permit(struct worker *worker)
{
    struct permits *permits = &worker->model->permits[below(worker->model, SEMAPHORES)];
    int result = AWAIT(worker, co_semaphore_acquire(worker->task, &permits->semaphore));

    if (result < 0)
        return result;
    permits->held++;
    must(worker->model, permits->resized || permits->held <= permits->total, "a permit is held twice");
    result = pause_briefly(worker);
    permits->held--;
    co_semaphore_release(&permits->semaphore);
    return result;
}

static int try_permit(struct worker *worker)
{
    struct permits *permits = &worker->model->permits[below(worker->model, SEMAPHORES)];
    int result;

    if (!co_semaphore_try(&permits->semaphore))
        return 0;
    permits->held++;
    must(worker->model, permits->resized || permits->held <= permits->total, "a permit is held twice");
    result = pause_briefly(worker);
    permits->held--;
    co_semaphore_release(&permits->semaphore);
    return result;
}

static int resize_semaphore(struct worker *worker)
{
    struct permits *permits = &worker->model->permits[0];
    long more = (long)below(worker->model, 5) - 2;

    if (permits->total + more < 1 || permits->total + more > 6)
        more = -more;
    permits->resized = true;
    permits->total += more;
    co_semaphore_resize(&permits->semaphore, more);
    return 0;
}

static int enter_room(struct worker *worker)
{
    struct room *room = &worker->model->rooms[below(worker->model, LOCKS)];
    int result = AWAIT(worker, co_lock_acquire(worker->task, &room->lock));

    if (result < 0)
        return result;
    must(worker->model, !room->inside, "two tasks own a lock");
    room->inside = worker->task;
    must(worker->model, co_check(worker->task) < 0 || co_lock_acquire(worker->task, &room->lock) == -EDEADLK,
         "a lock was acquired twice");
    result = pause_briefly(worker);
    must(worker->model, room->inside == worker->task, "a lock changed hands");
    room->inside = NULL;
    co_lock_release(worker->task, &room->lock);
    return result;
}

static void take(struct model *model, struct item *item)
{
    must(model, !item->passed, "an item was got twice");
    item->passed = true;
    model->got++;
    free(item);
}

static int put_item(struct worker *worker, struct co_queue *queue)
{
    struct model *model = worker->model;
    struct item *item = calloc(1, sizeof *item);
    int result;

    must(model, item, "no memory");
    model->made++;
    result = AWAIT(worker, co_queue_put(worker->task, queue, item));
    if (result < 0) {
        must(model, !item->passed, "an item came back to its putter and was got as well");
        model->kept++;
        free(item);
    }
    return result;
}

static int get_item(struct worker *worker, struct co_queue *queue)
{
    void *item = NULL;
    int result = AWAIT(worker, co_queue_get(worker->task, queue, &item));

    must(worker->model, (result == 1) == (item != NULL), "a getter has an item and no success, or the reverse");
    if (item)
        take(worker->model, item);
    return result;
}

static void scope_begin(struct worker *worker, struct worker_scope *own, int64_t deadline, bool shielded)
{
    if (shielded)
        co_scope_begin_shielded(worker->task, &own->scope, deadline);
    else
        co_scope_begin(worker->task, &own->scope, deadline);
    list_append(&worker->model->scopes, &own->link);
    worker->model->scope_count++;
}

static int scope_end(struct worker *worker, struct worker_scope *own, int body)
{
    int check_inside = co_check(worker->task), result;

    list_remove(&own->link);
    worker->model->scope_count--;
    result = co_scope_end(worker->task, &own->scope, body);
    if (body != -ECANCELED)
        must(worker->model, result == body, "a scope changed a result");
    else if (co_check(worker->task) < 0 || check_inside == 0)
        must(worker->model, result == -ECANCELED, "a scope absorbed a cancel that was not its own");
    else
        must(worker->model, result == 0 || result == -ETIMEDOUT, "a scope did not absorb its cancel");
    return result;
}

/* What could wait for ever is done under a deadline: a model that stands still tells nothing. */
static int pass_item(struct worker *worker)
{
    struct co_queue *queue = &worker->model->queues[below(worker->model, QUEUES)];
    struct worker_scope own;
    int result;

    scope_begin(worker, &own, co_after(below(worker->model, 500) * 1000), false);
    result = one_in(worker->model, 2) ? put_item(worker, queue) : get_item(worker, queue);
    return scope_end(worker, &own, result);
}

static int use_event(struct worker *worker)
{
    struct co_event *event = &worker->model->event;
    struct worker_scope own;

    if (one_in(worker->model, 3))
        co_event_set(event);
    else if (one_in(worker->model, 2))
        co_event_clear(event);
    scope_begin(worker, &own, co_after(below(worker->model, 300) * 1000), false);
    return scope_end(worker, &own, AWAIT(worker, co_event_wait(worker->task, event)));
}

static int do_in_scope(struct worker *worker)
{
    struct model *model = worker->model;
    int64_t deadline = one_in(model, 2) ? CO_FOREVER : co_after((int64_t)below(model, 300) * 1000);
    struct worker_scope own;
    int result = 0;

    scope_begin(worker, &own, deadline, one_in(model, 4));
    for (unsigned i = 1 + below(model, 3); i > 0 && result >= 0; i--)
        result = do_something(worker);
    if (one_in(model, 8))
        co_scope_set_deadline(&own.scope, co_after(below(model, 100) * 1000));
    return scope_end(worker, &own, result);
}

static int cancel_somebody(struct worker *worker)
{
    struct model *model = worker->model;
    struct list *link;

    model->cancels++;
    if (one_in(model, 2)) {
        link = model->scopes.next;
        for (unsigned steps = below(model, (unsigned)model->scope_count + 1); steps > 1; steps--)
            link = link->next;
        if (link != &model->scopes)
            co_scope_cancel(&LIST_MEMBER(link, struct worker_scope, link)->scope);
        return 0;
    }
    link = model->tasks.next;
    for (unsigned steps = below(model, (unsigned)model->task_count); steps > 0; steps--)
        link = link->next;
    must(model, co_cancel(LIST_MEMBER(link, struct worker, link)->task), "a living task could not be cancelled");
    return 0;
}

struct child {
    struct worker worker;
    struct co_future *future; /* to settle in the end, or NULL */
    int *living;
};

static int work(struct worker *worker)
{
    struct model *model = worker->model;
    int result = 0;

    for (unsigned steps = 1 + below(model, 20); steps > 0 && model->operations > 0; steps--) {
        int step = do_something(worker);

        if (step == -ECANCELED && !one_in(model, 5))
            return step; /* else the error is dropped, as happens: the cancel must not be lost */
        if (step < 0 && step != -ECANCELED)
            result = step;
    }
    return one_in(model, 10) ? -EIO : one_in(model, 2) ? result : 0;
}

static int child_main(struct co_task *self, void *argument)
{
    struct child *child = argument;
    struct model *model = child->worker.model;
    int result;

    child->worker.task = self;
    list_append(&model->tasks, &child->worker.link);
    model->task_count++;
    result = work(&child->worker);
    if (child->future)
        co_future_resolve(child->future, child->living);
    --*child->living;
    model->task_count--;
    list_remove(&child->worker.link);
    return result;
}

#define CHILDREN 4

struct family {
    struct co_group group;
    struct child children[CHILDREN];
    struct co_task *handles[CHILDREN];
    struct co_future future;
    int living;
};

static int spawn_children(struct worker *worker, struct family *family)
{
    unsigned count = 1 + below(worker->model, CHILDREN);
    int result = 0;

    for (unsigned i = 0; i < count; i++) {
        family->children[i] = (struct child){
            .worker = {.model = worker->model, .depth = worker->depth + 1},
            .future = i == 0 ? &family->future : NULL,
            .living = &family->living,
        };
        family->handles[i] = NULL;
        family->living++;
        result = AWAIT(worker, co_spawn_named(worker->task, &family->group, "child", child_main, &family->children[i],
                                              one_in(worker->model, 2) ? &family->handles[i] : NULL));
        if (result < 0) {
            family->living--;
            break;
        }
    }
    return result;
}

static void join_children(struct worker *worker, struct family *family)
{
    for (int i = 0; i < CHILDREN; i++) {
        struct co_task *handle = family->handles[i];

        if (!handle || one_in(worker->model, 2))
            continue;
        if (one_in(worker->model, 4))
            co_cancel(handle);
        if (co_check(worker->task) < 0)
            must(worker->model, co_join(worker->task, handle) == -ECANCELED, "a cancelled task joined");
        else
            co_join(worker->task, handle);
    }
}

static int raise_children(struct worker *worker)
{
    struct model *model = worker->model;
    struct family family = {.living = 0};
    bool fail_fast = one_in(model, 2);
    int result, body;

    if (worker->depth >= DEPTH_MAXIMUM || model->task_count >= TASKS_MAXIMUM)
        return 0;
    co_future_init(&family.future);
    co_group_open(worker->task, &family.group, fail_fast ? CO_FAIL_FAST : CO_COLLECT, below(model, 3));
    body = spawn_children(worker, &family);
    if (body >= 0 && one_in(model, 3))
        body = AWAIT(worker, co_future_wait(worker->task, &family.future, NULL));
    if (one_in(model, 3))
        join_children(worker, &family);
    if (one_in(model, 6))
        co_group_cancel(&family.group);
    if (body >= 0 && one_in(model, 2))
        body = do_something(worker);
    result = co_group_close(worker->task, &family.group, body);
    must(model, family.living == 0, "a group was closed while a task of it lived");
    must(model, result >= 0 || fail_fast || result == body || co_check(worker->task) < 0, "a collecting group failed");
    return result == -ECANCELED ? co_check(worker->task) : result;
}

static int spin_a_little(void *argument, const struct co_token *token)
{
    for (int i = 0; i < 1000 && !co_token_cancelled(token); i++)
        ++*(volatile int *)argument;
    return 0;
}

static int use_thread(struct worker *worker)
{
    volatile int counter = 0;
    int result;

    worker->model->threads++;
    if (one_in(worker->model, 2)) {
        result = co_to_thread_shielded(worker->task, spin_a_little, (void *)&counter);
        must(worker->model, result == 0 && counter == 1000, "shielded work was cut short");
        return 0;
    }
    return AWAIT(worker, co_to_thread(worker->task, spin_a_little, (void *)&counter));
}

static int do_something(struct worker *worker)
{
    struct model *model = worker->model;
    unsigned choice = below(model, 100);

    model->operations--;
    if (choice < 20)
        return pause_briefly(worker);
    if (choice < 38)
        return hold_permit(worker);
    if (choice < 42)
        return try_permit(worker);
    if (choice < 44)
        return resize_semaphore(worker);
    if (choice < 56)
        return enter_room(worker);
    if (choice < 75)
        return pass_item(worker);
    if (choice < 80)
        return use_event(worker);
    if (choice < 86)
        return worker->depth < DEPTH_MAXIMUM + 4 ? do_in_scope(worker) : 0;
    if (choice < 92)
        return cancel_somebody(worker);
    if (choice < 99)
        return raise_children(worker);
    return use_thread(worker);
}

static void check_all_came_back(struct co_task *self, struct model *model)
{
    struct co_statistics statistics;
    void *item;

    for (int i = 0; i < SEMAPHORES; i++) {
        struct permits *permits = &model->permits[i];

        must(model, permits->held == 0, "a permit was not given back");
        for (long permit = 0; permit < permits->total; permit++)
            must(model, co_semaphore_try(&permits->semaphore), "a permit was lost");
        must(model, !co_semaphore_try(&permits->semaphore), "there is a permit too many");
    }
    for (int i = 0; i < LOCKS; i++)
        must(model, co_lock_try(self, &model->rooms[i].lock), "a lock was lost");
    for (int i = 0; i < QUEUES; i++) {
        while (co_queue_try_get(&model->queues[i], &item))
            take(model, item);
    }
    must(model, model->made == model->got + model->kept, "an item was lost");
    must(model, list_is_empty(&model->tasks) && list_is_empty(&model->scopes), "a task or a scope did not end");
    co_runtime_statistics(co_task_runtime(self), &statistics);
    must(model, statistics.live == 1 && statistics.parked == 0, "a task still lives");
    printf("model: seed %llu: %llu tasks, %llu switches, %ld items (%ld kept), %ld cancels (%ld awaits), %ld threads\n",
           (unsigned long long)model->seed, (unsigned long long)statistics.spawned,
           (unsigned long long)statistics.switches, model->made, model->kept, model->cancels, model->waits_cancelled,
           model->threads);
}

static void init(struct model *model)
{
    for (int i = 0; i < SEMAPHORES; i++) {
        model->permits[i].total = 1 + i;
        co_semaphore_init(&model->permits[i].semaphore, 1 + (unsigned)i);
    }
    for (int i = 0; i < LOCKS; i++)
        co_lock_init(&model->rooms[i].lock);
    for (int i = 0; i < QUEUES; i++)
        must(model, co_queue_init(&model->queues[i], 1 + (size_t)i * 7) == 0, "no memory");
    co_event_init(&model->event);
    list_init(&model->tasks);
    list_init(&model->scopes);
}

static int model_main(struct co_task *self, void *argument)
{
    struct model *model = argument;

    while (model->operations > 0) {
        struct child children[WORKERS];
        struct co_group group;
        int living = 0;

        co_group_open(self, &group, CO_COLLECT, 0);
        for (int i = 0; i < WORKERS; i++) {
            children[i] = (struct child){.worker.model = model, .living = &living};
            living++;
            must(model, co_spawn(self, &group, child_main, &children[i]) == 0, "spawning failed");
        }
        must(model, co_group_close(self, &group, 0) == 0, "a collecting group failed");
        must(model, living == 0, "a group was closed while a task of it lived");
    }
    check_all_came_back(self, model);
    return 0;
}

/* Odd seeds shuffle the ready tasks, even ones keep their order. */
int main(int argc, char **argv)
{
    struct model model = {
        .seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1,
        .operations = argc > 2 ? strtol(argv[2], NULL, 10) : 50000,
    };
    int result;

    model.random = model.seed * 0x9e3779b97f4a7c15u + 1;
    init(&model);
    result = co_run(model_main, &model, &(struct co_run_options){.shuffle = model.seed % 2 ? model.random : 0});
    must(&model, result == 0, "the run failed");
    for (int i = 0; i < QUEUES; i++)
        co_queue_release(&model.queues[i]);
    return 0;
}

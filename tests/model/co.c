/* A random model of the coroutine layer: tasks that use everything, and are cancelled at any moment.
 *
 *     model_co [SEED [OPERATIONS]]
 *
 * Many tasks take permits and locks, pass items, open groups and scopes, spawn, join, gather, generate, wait for
 * events, conditions, futures and threads, and cancel each other, in an order that the seed decides (but for the
 * clock).  Now and then, at any moment, everything is cancelled: the workers, or the first task itself and with it the
 * runtime, and another takes over what is left of the operations.  What must hold all the while:
 *
 *   - an await by a cancelled task fails with -ECANCELED, and only an await by a cancelled task does;
 *   - a scope is cancelled when it was told to be, or the one around it is and it is not shielded;
 *   - no permit is held twice or lost, one task at a time is inside a lock;
 *   - every item that was put is got once, unless it came back to its putter;
 *   - a condition is left inside its lock, as many times without an error as it was notified;
 *   - a future is settled once, and its callbacks are called once or forgotten;
 *   - what was lent to a thread is given back or dropped, and what was posted arrives;
 *   - a scope gives what the table in scope.h says; a closed group has no tasks;
 *   - in the end no task lives and everything has come back.
 */
#include "co.h"

#include <haul/co/thread.h>

#define SHUTDOWN_RARITY 300 /* of this many cancels one is for all */

int64_t model_soon(struct model *model, unsigned microseconds)
{
    return co_after((int64_t)below(model, microseconds) * 1000);
}

int model_pause(struct worker *worker)
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
    result = model_pause(worker);
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
    result = model_pause(worker);
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
    result = model_pause(worker);
    must(worker->model, room->inside == worker->task, "a lock changed hands");
    room->inside = NULL;
    co_lock_release(worker->task, &room->lock);
    return result;
}

void model_take(struct model *model, struct item *item)
{
    must(model, !item->passed, "an item was got twice");
    item->passed = true;
    model->got++;
    free(item);
}

int model_put_item(struct worker *worker, struct co_queue *queue)
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

int model_get_item(struct worker *worker, struct co_queue *queue)
{
    void *item = NULL;
    int result = AWAIT(worker, co_queue_get(worker->task, queue, &item));

    must(worker->model, (result == 1) == (item != NULL), "a getter has an item and no success, or the reverse");
    if (item)
        model_take(worker->model, item);
    return result;
}

void model_scope_begin(struct worker *worker, struct worker_scope *own, int64_t deadline, bool shielded)
{
    if (shielded)
        co_scope_begin_shielded(worker->task, &own->scope, deadline);
    else
        co_scope_begin(worker->task, &own->scope, deadline);
    list_append(&worker->model->scopes, &own->link);
    worker->model->scope_count++;
}

int model_scope_end(struct worker *worker, struct worker_scope *own, int body)
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

    model_scope_begin(worker, &own, co_after(below(worker->model, 500) * 1000), false);
    result = one_in(worker->model, 2) ? model_put_item(worker, queue) : model_get_item(worker, queue);
    return model_scope_end(worker, &own, result);
}

static int use_event(struct worker *worker)
{
    struct co_event *event = &worker->model->event;
    struct worker_scope own;

    if (one_in(worker->model, 3))
        co_event_set(event);
    else if (one_in(worker->model, 2))
        co_event_clear(event);
    model_scope_begin(worker, &own, co_after(below(worker->model, 300) * 1000), false);
    return model_scope_end(worker, &own, AWAIT(worker, co_event_wait(worker->task, event)));
}

static int do_in_scope(struct worker *worker)
{
    struct model *model = worker->model;
    int64_t deadline = one_in(model, 2) ? CO_FOREVER : co_after((int64_t)below(model, 300) * 1000);
    struct worker_scope own;
    int result = 0;

    model_scope_begin(worker, &own, deadline, one_in(model, 4));
    for (unsigned i = 1 + below(model, 3); i > 0 && result >= 0; i--)
        result = model_do_something(worker);
    if (one_in(model, 8))
        co_scope_set_deadline(&own.scope, co_after(below(model, 100) * 1000));
    return model_scope_end(worker, &own, result);
}

/* Of all workers, or of the runtime. */
static int shut_down(struct worker *worker)
{
    struct model *model = worker->model;

    model->shutdowns++;
    if (one_in(model, 2))
        co_group_cancel(model->workers);
    else
        co_cancel(task_first(co_task_runtime(worker->task)));
    return 0;
}

static int cancel_somebody(struct worker *worker)
{
    struct model *model = worker->model;
    struct list *link;

    model->cancels++;
    if (one_in(model, SHUTDOWN_RARITY))
        return shut_down(worker);
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

static int work(struct worker *worker)
{
    struct model *model = worker->model;
    int result = 0;

    for (unsigned steps = 1 + below(model, 20); steps > 0 && model->operations > 0; steps--) {
        int step = model_do_something(worker);

        if (step == -ECANCELED && !one_in(model, 5))
            return step; /* else the error is dropped, as happens: the cancel must not be lost */
        if (step < 0 && step != -ECANCELED)
            result = step;
    }
    return one_in(model, 10) ? -EIO : one_in(model, 2) ? result : 0;
}

int model_child_main(struct co_task *self, void *argument)
{
    struct child *child = argument;
    struct model *model = child->worker.model;
    int result;

    child->worker.task = self;
    child->ran = true;
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
        result =
            AWAIT(worker, co_spawn_named(worker->task, &family->group, "child", model_child_main, &family->children[i],
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
        body = model_do_something(worker);
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

static int do_something_larger(struct worker *worker, unsigned choice)
{
    static int (*const operations[])(struct worker * worker) = {
        use_thread,
        model_lend_to_thread,
        model_post,
        model_queue_work,
        model_wait_for_condition,
        model_wait_for_condition,
        model_wait_for_condition,
        model_wait_for_condition,
        model_wait_for_condition,
        model_use_shared_future,
        model_use_shared_future,
        model_use_shared_future,
        model_use_callbacks,
        model_use_callbacks,
        model_pass_through_pipe,
        model_gather,
        model_wait_for_some,
        model_take_as_completed,
        model_generate,
        model_generate,
        model_call_in_scope,
        model_call_in_scope,
    };

    return operations[choice % (sizeof operations / sizeof *operations)](worker);
}

int model_do_something(struct worker *worker)
{
    struct model *model = worker->model;
    unsigned choice = below(model, 100);

    model->operations--;
    if (choice < 16)
        return model_pause(worker);
    if (choice < 29)
        return hold_permit(worker);
    if (choice < 33)
        return try_permit(worker);
    if (choice < 35)
        return resize_semaphore(worker);
    if (choice < 44)
        return enter_room(worker);
    if (choice < 58)
        return pass_item(worker);
    if (choice < 62)
        return use_event(worker);
    if (choice < 67)
        return worker->depth < DEPTH_MAXIMUM + 4 ? do_in_scope(worker) : 0;
    if (choice < 73)
        return cancel_somebody(worker);
    if (choice < 78)
        return raise_children(worker);
    return do_something_larger(worker, choice - 78);
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
    for (int i = 0; i < LOCKS; i++) {
        must(model, co_lock_try(self, &model->rooms[i].lock), "a lock was lost");
        must(model, model->rooms[i].notified == model->rooms[i].returned, "a notification was lost");
    }
    for (int i = 0; i < QUEUES; i++) {
        while (co_queue_try_get(&model->queues[i], &item))
            model_take(model, item);
    }
    must(model, model->made == model->got + model->kept, "an item was lost");
    must(model, list_is_empty(&model->tasks) && list_is_empty(&model->scopes), "a task or a scope did not end");
    co_runtime_statistics(co_task_runtime(self), &statistics);
    must(model, statistics.live == 1 && statistics.parked == 0, "a task still lives");
    model->tasks_in_all += (long)statistics.spawned;
    model->switches += (long)statistics.switches;
}

/* What needs no task for it. */
static void check_nothing_is_left(const struct model *model)
{
    must(model, model->callbacks == model->called + model->forgotten, "a callback was lost");
    must(model, model->lent == model->given_back + model->dropped, "what was lent to a thread was lost");
    must(model, model->posts == model->posted, "a post was lost");
}

static void init(struct model *model)
{
    for (int i = 0; i < SEMAPHORES; i++) {
        model->permits[i] = (struct permits){.total = 1 + i};
        co_semaphore_init(&model->permits[i].semaphore, 1 + (unsigned)i);
    }
    for (int i = 0; i < LOCKS; i++) {
        model->rooms[i] = (struct room){.inside = NULL};
        co_lock_init(&model->rooms[i].lock);
        co_condition_init(&model->rooms[i].changed);
    }
    for (int i = 0; i < QUEUES; i++)
        must(model, co_queue_init(&model->queues[i], 1 + (size_t)i * 7) == 0, "no memory");
    co_event_init(&model->event);
    list_init(&model->tasks);
    list_init(&model->scopes);
}

static void release(struct model *model)
{
    for (int i = 0; i < QUEUES; i++)
        co_queue_release(&model->queues[i]);
    free(model->future);
    model->future = NULL;
}

/* Until they have all ended: by themselves, or cut short by a shutdown. */
static void run_workers(struct co_task *self, struct model *model)
{
    struct child children[WORKERS];
    struct co_group group;
    int living = 0, result;

    co_group_open(self, &group, CO_COLLECT, 0);
    model->workers = &group;
    for (int i = 0; i < WORKERS; i++) {
        children[i] = (struct child){.worker.model = model, .living = &living};
        living++;
        must(model, co_spawn(self, &group, model_child_main, &children[i]) == 0, "spawning failed");
    }
    result = co_group_close(self, &group, 0);
    must(model, result == 0 || (result == -ECANCELED && co_check(self) < 0), "a collecting group failed");
    must(model, living == 0, "a group was closed while a task of it lived");
}

static int model_main(struct co_task *self, void *argument)
{
    struct model *model = argument;

    model->work_queue = co_work_queue_open(co_task_runtime(self), 2);
    must(model, model->work_queue, "no memory");
    while (model->operations > 0 && co_check(self) == 0)
        run_workers(self, model);
    co_work_queue_close(model->work_queue);
    check_all_came_back(self, model);
    return co_check(self);
}

static void run(struct model *model)
{
    int result;

    init(model);
    result = co_run(model_main, model, &(struct co_run_options){.shuffle = model->seed % 2 ? model->random : 0});
    must(model, result == 0 || result == -ECANCELED, "the run failed");
    check_nothing_is_left(model);
    release(model);
    model->runtimes++;
}

/* Odd seeds shuffle the ready tasks, even ones keep their order. */
int main(int argc, char **argv)
{
    struct model model = {
        .seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1,
        .operations = argc > 2 ? strtol(argv[2], NULL, 10) : 50000,
    };
    long asked = model.operations;

    model.random = model.seed * 0x9e3779b97f4a7c15u + 1;
    while (model.operations > 0)
        run(&model);
    printf("model: seed %llu: %ld operations in %ld runtimes, %ld shutdowns: %ld tasks, %ld switches, %ld items (%ld "
           "kept), %ld cancels (%ld awaits), %ld threads, %ld posts, %ld callbacks\n",
           (unsigned long long)model.seed, asked, model.runtimes, model.shutdowns, model.tasks_in_all, model.switches,
           model.made, model.kept, model.cancels, model.waits_cancelled, model.threads, model.posts, model.callbacks);
    return 0;
}

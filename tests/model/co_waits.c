/* What is waited for: conditions, futures and their callbacks, queues from the first item to the join. */
#include "co.h"

static size_t count(const struct list *list)
{
    size_t count = 0;

    LIST_EACH (link, list)
        count++;
    return count;
}

static void notify(struct model *model, struct room *room)
{
    size_t waiting = count(&room->changed.waiters), some = below(model, 3);

    if (one_in(model, 8)) {
        co_condition_notify_all(&room->changed);
        some = waiting;
    } else {
        co_condition_notify(&room->changed, some);
    }
    room->notified += (long)(some < waiting ? some : waiting);
}

/* Inside the lock before and after, however the waiting ended. */
static int wait_inside(struct worker *worker, struct room *room)
{
    struct worker_scope own;
    int result;

    room->inside = NULL;
    model_scope_begin(worker, &own, model_soon(worker->model, 300), false);
    result = AWAIT(worker, co_condition_wait(worker->task, &room->changed, &room->lock));
    must(worker->model, !room->inside, "a condition was left without its lock");
    room->inside = worker->task;
    room->returned += result == 0;
    return model_scope_end(worker, &own, result);
}

int model_wait_for_condition(struct worker *worker)
{
    struct model *model = worker->model;
    struct room *room = &model->rooms[below(model, LOCKS)];
    int result;

    if (one_in(model, 2)) {
        notify(model, room);
        return 0;
    }
    result = AWAIT(worker, co_lock_acquire(worker->task, &room->lock));
    if (result < 0)
        return result;
    must(model, !room->inside, "two tasks own a lock");
    room->inside = worker->task;
    result = wait_inside(worker, room);
    if (one_in(model, 2))
        notify(model, room);
    must(model, room->inside == worker->task, "a lock changed hands");
    room->inside = NULL;
    co_lock_release(worker->task, &room->lock);
    return result;
}

static void settle(struct model *model, struct shared_future *shared)
{
    bool fails = one_in(model, 3);

    shared->result = fails ? -EIO : 0;
    must(model, fails ? co_future_fail(&shared->future, -EIO) : co_future_resolve(&shared->future, shared),
         "a future was settled before it was settled");
    must(model, !co_future_resolve(&shared->future, NULL) && !co_future_fail(&shared->future, -EPERM),
         "a future was settled twice");
    model->future = NULL;
    if (shared->users == 0)
        free(shared);
}

static struct shared_future *current_future(struct model *model)
{
    if (!model->future) {
        model->future = calloc(1, sizeof *model->future);
        must(model, model->future, "no memory");
        co_future_init(&model->future->future);
    }
    return model->future;
}

int model_use_shared_future(struct worker *worker)
{
    struct model *model = worker->model;
    struct shared_future *shared = current_future(model);
    struct worker_scope own;
    void *value = NULL;
    int result;

    if (one_in(model, 3)) {
        settle(model, shared);
        return 0;
    }
    shared->users++;
    model_scope_begin(worker, &own, model_soon(model, 300), false);
    result = AWAIT(worker, co_future_wait(worker->task, &shared->future, &value));
    must(model, result == -ECANCELED || (co_future_is_settled(&shared->future) && result == shared->result),
         "a future gave what it was not settled with");
    must(model, (value != NULL) == (result == 0) && (!value || value == shared), "a future gave another value");
    if (--shared->users == 0 && co_future_is_settled(&shared->future))
        free(shared);
    return model_scope_end(worker, &own, result);
}

struct counted_callback {
    struct co_future_callback callback;
    struct model *model;
};

static void on_done(struct co_future_callback *callback)
{
    struct counted_callback *own = LIST_MEMBER(callback, struct counted_callback, callback);

    must(own->model, callback->result == -EIO || callback->value == own->model, "a callback was told something else");
    own->model->called++;
    free(own);
}

#define CALLBACKS 3

static struct counted_callback *add_callback(struct worker *worker, struct co_future *future)
{
    struct counted_callback *own = calloc(1, sizeof *own);

    must(worker->model, own, "no memory");
    *own = (struct counted_callback){.callback.on_done = on_done, .model = worker->model};
    worker->model->callbacks++;
    co_future_on_done(co_task_runtime(worker->task), future, &own->callback);
    return own;
}

/* The future is gone when they are called; nobody waits in between, so those that are forgotten are still there. */
int model_use_callbacks(struct worker *worker)
{
    struct model *model = worker->model;
    struct counted_callback *callbacks[CALLBACKS];
    struct co_future future;
    bool settles_first = one_in(model, 4);

    co_future_init(&future);
    if (settles_first)
        co_future_resolve(&future, model);
    for (int i = 0; i < CALLBACKS; i++)
        callbacks[i] = add_callback(worker, &future);
    if (!settles_first && one_in(model, 3))
        co_future_fail(&future, -EIO);
    else if (!settles_first)
        co_future_resolve(&future, model);
    if (one_in(model, 2)) {
        struct counted_callback *unwanted = callbacks[below(model, CALLBACKS)];

        co_future_forget(&unwanted->callback);
        model->forgotten++;
        free(unwanted);
    }
    return 0;
}

#define PIPE_ENDS 2

struct pipe {
    struct co_queue queue;
    struct pipe_end {
        struct worker worker;
        struct pipe *pipe;
    } putters[PIPE_ENDS], getters[PIPE_ENDS];
};

static int put_some(struct co_task *self, void *argument)
{
    struct pipe_end *end = argument;
    int result = 0;

    end->worker.task = self;
    for (unsigned i = below(end->worker.model, 6); i > 0 && result == 0; i--)
        result = model_put_item(&end->worker, &end->pipe->queue);
    return result == -EPIPE ? 0 : result;
}

static int get_all(struct co_task *self, void *argument)
{
    struct pipe_end *end = argument;
    int result;

    end->worker.task = self;
    while ((result = model_get_item(&end->worker, &end->pipe->queue)) == 1)
        co_queue_done(&end->pipe->queue);
    return result;
}

static int start_end(struct worker *worker, struct co_group *group, struct pipe *pipe, struct pipe_end *end,
                     co_function *function)
{
    *end = (struct pipe_end){.worker = {.model = worker->model, .depth = worker->depth + 1}, .pipe = pipe};
    return AWAIT(worker, co_spawn(worker->task, group, function, end));
}

static int start_ends(struct worker *worker, struct co_group *group, struct pipe *pipe)
{
    int result = 0;

    for (int i = 0; i < PIPE_ENDS && result == 0; i++)
        result = start_end(worker, group, pipe, &pipe->putters[i], put_some);
    for (int i = 0; i < PIPE_ENDS && result == 0; i++)
        result = start_end(worker, group, pipe, &pipe->getters[i], get_all);
    return result;
}

/* What cancelled ends left behind is done here; then there is nothing to join. */
static void drain(struct model *model, struct pipe *pipe)
{
    void *item;

    while (co_queue_try_get(&pipe->queue, &item)) {
        model_take(model, item);
        co_queue_done(&pipe->queue);
    }
    must(model, pipe->queue.unfinished == 0, "a queue counts items that nobody has put");
    co_queue_release(&pipe->queue);
}

int model_pass_through_pipe(struct worker *worker)
{
    struct model *model = worker->model;
    struct worker_scope own;
    struct co_group group;
    struct pipe pipe;
    int result;

    if (worker->depth >= DEPTH_MAXIMUM || model->task_count >= TASKS_MAXIMUM)
        return 0;
    must(model, co_queue_init(&pipe.queue, 1 + below(model, 3)) == 0, "no memory");
    model_scope_begin(worker, &own, model_soon(model, 1000), false);
    co_group_open(worker->task, &group, CO_FAIL_FAST, 0);
    result = start_ends(worker, &group, &pipe);
    if (result == 0)
        result = one_in(model, 2) ? model_pause(worker) : AWAIT(worker, co_queue_join(worker->task, &pipe.queue));
    co_queue_shut_down(&pipe.queue);
    result = model_scope_end(worker, &own, co_group_close(worker->task, &group, result));
    drain(model, &pipe);
    return result;
}

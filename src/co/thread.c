#include "scheduler.h"

#include <haul/co/callback.h>
#include <haul/co/thread.h>

#include <stdatomic.h>
#include <stdlib.h>

struct co_token {
    atomic_bool cancelled;
};

/* On the stack of the waiting task, which stays parked until the thread has let go of it. */
struct thread_call {
    uv_work_t request;
    struct co_waiter waiter;
    struct co_token token;
    co_work *work;
    void *argument;
    int result;
};

bool co_token_cancelled(const struct co_token *token)
{
    return token && atomic_load_explicit(&token->cancelled, memory_order_relaxed);
}

static void on_thread(uv_work_t *request)
{
    struct thread_call *call = request->data;

    call->result = call->work(call->argument, &call->token);
}

static void on_done(uv_work_t *request, int status)
{
    struct thread_call *call = request->data;

    co_wake(&call->waiter, status == UV_ECANCELED ? -ECANCELED : 0);
}

static enum co_abort on_cancel(struct co_waiter *waiter)
{
    struct thread_call *call = LIST_MEMBER(waiter, struct thread_call, waiter);

    atomic_store_explicit(&call->token.cancelled, true, memory_order_relaxed);
    uv_cancel((uv_req_t *)&call->request);
    return CO_ABORT_LATER;
}

static int run_call(struct co_task *self, co_work *work, void *argument, bool shielded)
{
    struct thread_call call = {.work = work, .argument = argument};
    int result;

    call.request.data = &call;
    co_waiter_init(&call.waiter, self, "a thread", shielded ? NULL : on_cancel);
    result = uv_queue_work(self->runtime->loop, &call.request, on_thread, on_done);
    if (result < 0)
        return result;
    result = co_park(self, &call.waiter);
    return result < 0 ? result : call.result;
}

int co_to_thread(struct co_task *self, co_work *work, void *argument)
{
    return task_is_cancelled(self) ? -ECANCELED : run_call(self, work, argument, false);
}

int co_to_thread_shielded(struct co_task *self, co_work *work, void *argument)
{
    return run_call(self, work, argument, true);
}

/* On the stack of the waiting task, unlike the errand. */
struct sender {
    struct co_waiter waiter;
    struct errand *errand;
    bool done; /* and not abandoned: the argument is the sender's */
};

/* On the heap: it may outlive the task that asked for it. */
struct errand {
    uv_work_t request;
    struct co_runtime *runtime;
    struct sender *sender; /* NULL: abandoned */
    struct co_token token;
    co_work *work;
    void *argument;
    void (*drop)(void *argument);
    int result;
};

static void run_errand(uv_work_t *request)
{
    struct errand *errand = request->data;

    errand->result = errand->work(errand->argument, &errand->token);
}

static void on_errand_done(uv_work_t *request, int status)
{
    struct errand *errand = request->data;

    (void)status; /* only what is abandoned is stopped */
    if (errand->sender) {
        errand->sender->done = true;
        co_wake(&errand->sender->waiter, errand->result);
    } else if (errand->drop) {
        errand->drop(errand->argument);
    }
    co_runtime_let_go(errand->runtime);
    free(errand);
}

static enum co_abort on_abandoned(struct co_waiter *waiter)
{
    struct errand *errand = LIST_MEMBER(waiter, struct sender, waiter)->errand;

    errand->sender = NULL;
    atomic_store_explicit(&errand->token.cancelled, true, memory_order_relaxed);
    uv_cancel((uv_req_t *)&errand->request);
    return CO_ABORT_NOW;
}

static int start_errand(struct co_runtime *runtime, struct sender *sender, co_work *work, void *argument,
                        void (*drop)(void *argument))
{
    struct errand *errand = malloc(sizeof *errand);
    int result;

    if (!errand)
        return -ENOMEM;
    *errand = (struct errand){
        .request.data = errand, .runtime = runtime, .sender = sender, .work = work, .argument = argument, .drop = drop};
    result = uv_queue_work(runtime->loop, &errand->request, run_errand, on_errand_done);
    if (result < 0) {
        free(errand);
        return result;
    }
    co_runtime_hold(runtime);
    sender->errand = errand;
    return 0;
}

static int send_errand(struct co_task *self, struct sender *sender, co_work *work, void *argument,
                       void (*drop)(void *argument))
{
    int result;

    if (task_is_cancelled(self)) {
        sender->done = true;
        return -ECANCELED;
    }
    co_waiter_init(&sender->waiter, self, "a thread", on_abandoned);
    result = start_errand(self->runtime, sender, work, argument, drop);
    return result < 0 ? result : co_park(self, &sender->waiter);
}

int co_to_thread_abandon(struct co_task *self, co_work *work, void *argument, void (*drop)(void *argument))
{
    struct sender sender = {.done = false};
    int result = send_errand(self, &sender, work, argument, drop);

    if (result == -ECANCELED && sender.done && drop)
        drop(argument);
    return result;
}

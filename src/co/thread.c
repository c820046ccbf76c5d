#include "scheduler.h"

#include <haul/co/thread.h>

#include <stdatomic.h>

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

#include "callback.h"
#include "debug.h"

#include <haul/co/callback.h>

/* The lock is held while the loop is told: once the callback has been taken out, the poster is through with the
 * runtime, which may be gone in the next moment. */
void co_post(struct co_runtime *runtime, struct co_callback *callback)
{
    uv_mutex_lock(&runtime->posted_lock);
    list_append(&runtime->posted, &callback->link);
    uv_async_send(&runtime->posted_async);
    uv_mutex_unlock(&runtime->posted_lock);
}

static void take_posted(struct co_runtime *runtime)
{
    uv_mutex_lock(&runtime->posted_lock);
    list_splice(&runtime->soon, &runtime->posted);
    uv_mutex_unlock(&runtime->posted_lock);
}

static void on_posted(uv_async_t *async)
{
    take_posted(async->data);
}

void co_call_soon(struct co_runtime *runtime, struct co_callback *callback)
{
    assert(!callback->link.next);
    if (UNLIKELY(runtime->watched))
        debug_check_thread(runtime);
    list_append(&runtime->soon, &callback->link);
}

void co_callback_forget(struct co_callback *callback)
{
    list_remove(&callback->link);
}

/* Holding makes the handle keep the loop alive, which is what a deadlock is told by. */
void co_runtime_hold(struct co_runtime *runtime)
{
    if (runtime->holds++ == 0)
        uv_ref((uv_handle_t *)&runtime->posted_async);
}

void co_runtime_let_go(struct co_runtime *runtime)
{
    assert(runtime->holds > 0);
    if (--runtime->holds == 0)
        uv_unref((uv_handle_t *)&runtime->posted_async);
}

int callbacks_init(struct co_runtime *runtime)
{
    int result = uv_mutex_init(&runtime->posted_lock);

    if (result < 0)
        return result;
    result = uv_async_init(runtime->loop, &runtime->posted_async, on_posted);
    if (result < 0) {
        uv_mutex_destroy(&runtime->posted_lock);
        return result;
    }
    runtime->posted_async.data = runtime;
    uv_unref((uv_handle_t *)&runtime->posted_async);
    list_init(&runtime->soon);
    list_init(&runtime->posted);
    return 0;
}

void callbacks_call(struct co_runtime *runtime)
{
    struct list due, *link;

    if (list_is_empty(&runtime->soon))
        return;
    list_init(&due);
    list_splice(&due, &runtime->soon);
    while ((link = list_take_first(&due))) {
        struct co_callback *callback = LIST_MEMBER(link, struct co_callback, link);

        callback->function(callback);
    }
}

void callbacks_finish(struct co_runtime *runtime)
{
    for (;;) {
        take_posted(runtime);
        callbacks_call(runtime);
        if (!list_is_empty(&runtime->soon))
            continue;
        if (runtime->holds == 0)
            return;
        uv_run(runtime->loop, UV_RUN_ONCE);
    }
}

void callbacks_release(struct co_runtime *runtime)
{
    uv_close((uv_handle_t *)&runtime->posted_async, NULL);
    uv_mutex_destroy(&runtime->posted_lock);
}

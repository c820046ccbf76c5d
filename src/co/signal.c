#include "scheduler.h"

#include <haul/co/event.h>
#include <haul/co/signal.h>

#include <stdlib.h>

struct co_signal {
    uv_signal_t handle;
    struct co_event arrived;
    bool stands_by;
};

static void on_signal(uv_signal_t *handle, int number)
{
    struct co_signal *signal = handle->data;

    (void)number;
    co_event_set(&signal->arrived);
}

/* The handle keeps the loop alive only while a task waits: otherwise it would hide a deadlock. */
int co_signal_open(struct co_runtime *runtime, int number, struct co_signal **ret_signal)
{
    struct co_signal *signal = malloc(sizeof *signal);
    int result;

    if (!signal)
        return -ENOMEM;
    result = uv_signal_init(runtime->loop, &signal->handle);
    if (result < 0) {
        free(signal);
        return result;
    }
    signal->handle.data = signal;
    uv_unref((uv_handle_t *)&signal->handle);
    co_event_init(&signal->arrived);
    signal->stands_by = false;
    result = uv_signal_start(&signal->handle, on_signal, number);
    if (result < 0)
        co_signal_close(signal);
    else
        *ret_signal = signal;
    return result;
}

int co_signal_wait(struct co_task *self, struct co_signal *signal)
{
    int result;

    if (!signal->stands_by)
        uv_ref((uv_handle_t *)&signal->handle);
    result = co_event_wait(self, &signal->arrived);
    if (list_is_empty(&signal->arrived.waiters))
        uv_unref((uv_handle_t *)&signal->handle);
    if (result == 0)
        co_event_clear(&signal->arrived);
    return result;
}

void co_signal_stand_by(struct co_signal *signal)
{
    signal->stands_by = true;
    uv_unref((uv_handle_t *)&signal->handle);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void co_signal_close(struct co_signal *signal)
{
    if (!signal)
        return;
    assert(list_is_empty(&signal->arrived.waiters));
    uv_close((uv_handle_t *)&signal->handle, on_closed);
}

#include "tcp.h"

#include <haul/co/callback.h>
#include <haul/co/event.h>
#include <haul/co/process.h>

#include <stdlib.h>

#define CHANNELS 3

struct co_process {
    uv_process_t handle;
    struct co_runtime *runtime;
    struct co_stream *streams[CHANNELS];
    struct co_event ended;
    int status, signal;
    bool disowned; /* co_process_close was called */
};

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void on_ended(uv_process_t *handle, int64_t status, int signal)
{
    struct co_process *process = handle->data;

    process->status = signal > 0 ? 128 + signal : (int)status;
    process->signal = signal;
    co_event_set(&process->ended);
    if (!process->disowned)
        return;
    co_runtime_let_go(process->runtime);
    uv_close((uv_handle_t *)handle, on_closed);
}

/* libuv's flags tell what the child does with a pipe. */
static int set_up_channel(struct co_process *process, int number, const struct co_channel *channel,
                          uv_stdio_container_t *ret_container)
{
    uv_stdio_flags pipe = UV_CREATE_PIPE | (number == 0 ? UV_READABLE_PIPE : UV_WRITABLE_PIPE);

    switch (channel->kind) {
    case CO_CHANNEL_INHERIT:
        *ret_container = (uv_stdio_container_t){.flags = UV_INHERIT_FD, .data.fd = number};
        break;
    case CO_CHANNEL_NULL:
        *ret_container = (uv_stdio_container_t){.flags = UV_IGNORE};
        break;
    case CO_CHANNEL_DESCRIPTOR:
        *ret_container = (uv_stdio_container_t){.flags = UV_INHERIT_FD, .data.fd = channel->fd};
        break;
    case CO_CHANNEL_PIPE:
        process->streams[number] = stream_open_pipe(process->runtime);
        if (!process->streams[number])
            return -ENOMEM;
        *ret_container = (uv_stdio_container_t){.flags = pipe, .data.stream = stream_handle(process->streams[number])};
        break;
    }
    return 0;
}

static int set_up_channels(struct co_process *process, const struct co_process_options *options,
                           uv_stdio_container_t *ret_containers)
{
    const struct co_channel *channels[CHANNELS] = {&options->input, &options->output, &options->error};

    for (int i = 0; i < CHANNELS; i++) {
        int result = set_up_channel(process, i, channels[i], &ret_containers[i]);

        if (result < 0)
            return result;
    }
    return 0;
}

static int start(struct co_process *process, const struct co_process_options *options, uv_stdio_container_t *containers)
{
    uv_process_options_t how = {
        .exit_cb = on_ended,
        .file = options->arguments[0],
        .args = (char **)options->arguments,
        .env = (char **)options->environment,
        .cwd = options->directory,
        .stdio_count = CHANNELS,
        .stdio = containers,
    };
    int result = uv_spawn(process->runtime->loop, &process->handle, &how);

    process->handle.data = process;
    return result;
}

static void close_streams(struct co_process *process)
{
    for (int i = 0; i < CHANNELS; i++)
        co_stream_close(process->streams[i]);
}

int co_process_open(struct co_runtime *runtime, const struct co_process_options *options,
                    struct co_process **ret_process)
{
    struct co_process *process = calloc(1, sizeof *process);
    uv_stdio_container_t containers[CHANNELS];
    int result;

    if (!process)
        return -ENOMEM;
    process->runtime = runtime;
    co_event_init(&process->ended);
    result = set_up_channels(process, options, containers);
    if (result < 0) {
        close_streams(process);
        free(process);
        return result;
    }
    tcp_ignore_broken_pipes();
    result = start(process, options, containers);
    if (result < 0) {
        close_streams(process);
        uv_close((uv_handle_t *)&process->handle, on_closed);
        return result;
    }
    uv_unref((uv_handle_t *)&process->handle);
    *ret_process = process;
    return 0;
}

int co_process_id(const struct co_process *process)
{
    return process->handle.pid;
}

struct co_stream *co_process_input(struct co_process *process)
{
    return process->streams[0];
}

struct co_stream *co_process_output(struct co_process *process)
{
    return process->streams[1];
}

struct co_stream *co_process_error(struct co_process *process)
{
    return process->streams[2];
}

/* The handle keeps the loop alive only while a task waits: otherwise it would hide a deadlock. */
int co_process_wait(struct co_task *self, struct co_process *process, int *ret_signal)
{
    int result;

    uv_ref((uv_handle_t *)&process->handle);
    result = co_event_wait(self, &process->ended);
    if (list_is_empty(&process->ended.waiters))
        uv_unref((uv_handle_t *)&process->handle);
    if (result < 0)
        return result;
    if (ret_signal)
        *ret_signal = process->signal;
    return process->status;
}

int co_process_signal(struct co_process *process, int number)
{
    return co_event_is_set(&process->ended) ? -ESRCH : uv_process_kill(&process->handle, number);
}

/* A killed process still has to be reaped, which the loop does. */
void co_process_close(struct co_process *process)
{
    if (!process)
        return;
    assert(list_is_empty(&process->ended.waiters));
    close_streams(process);
    if (co_event_is_set(&process->ended)) {
        uv_close((uv_handle_t *)&process->handle, on_closed);
        return;
    }
    process->disowned = true;
    co_runtime_hold(process->runtime);
    uv_process_kill(&process->handle, SIGKILL);
}

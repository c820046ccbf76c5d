#include "stream.h"

#include <signal.h>
#include <stdlib.h>

static void init(struct co_stream *stream)
{
    stream->handle.any.data = stream;
    uv_unref(&stream->handle.any); /* an idle connection would hide a deadlock */
    stream->reader = NULL;
    stream->writing = stream->disowned = stream->resetting = stream->closed = stream->ended = false;
    stream->end_result = 0;
    stream->taken = stream->filled = 0;
}

struct co_stream *stream_open(struct co_runtime *runtime)
{
    struct co_stream *stream = malloc(sizeof *stream);

    if (!stream)
        return NULL;
    if (uv_tcp_init(runtime->loop, &stream->handle.tcp) < 0) {
        free(stream);
        return NULL;
    }
    init(stream);
    return stream;
}

struct co_stream *stream_open_pipe(struct co_runtime *runtime)
{
    struct co_stream *stream = malloc(sizeof *stream);

    if (!stream)
        return NULL;
    if (uv_pipe_init(runtime->loop, &stream->handle.pipe, false) < 0) {
        free(stream);
        return NULL;
    }
    init(stream);
    return stream;
}

uv_stream_t *stream_handle(struct co_stream *stream)
{
    return &stream->handle.stream;
}

void stream_connected(struct co_stream *stream)
{
    uv_tcp_nodelay(&stream->handle.tcp, 1);
}

void tcp_ignore_broken_pipes(void)
{
    struct sigaction action;

    if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

static void on_closed(uv_handle_t *handle)
{
    struct co_stream *stream = handle->data;

    stream->closed = true;
    if (stream->disowned)
        free(stream);
}

static enum co_abort on_operation_cancelled(struct co_waiter *waiter)
{
    struct co_stream *stream = LIST_MEMBER(waiter, struct operation, waiter)->stream;

    uv_close(&stream->handle.any, on_closed);
    reader_wake(stream, -EPIPE);
    return CO_ABORT_LATER;
}

void operation_init(struct operation *operation, struct co_task *self, struct co_stream *stream, const char *what)
{
    co_waiter_init(&operation->waiter, self, what, on_operation_cancelled);
    operation->stream = stream;
}

/* Closing a socket that lingers for no time drops what was not sent and resets the connection. */
void co_stream_reset(struct co_stream *stream)
{
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    uv_os_fd_t fd;

    stream->resetting = true;
    if (uv_fileno(&stream->handle.any, &fd) == 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void co_stream_close(struct co_stream *stream)
{
    if (!stream)
        return;
    assert(!stream->reader && !stream->writing);
    stream->disowned = true;
    if (!stream_is_closing(stream))
        uv_close(&stream->handle.any, on_closed);
    else if (stream->closed)
        free(stream);
}

static int let_go_until_end(struct co_task *self, void *stream)
{
    int result = co_stream_shut_down(self, stream);

    return result < 0 ? result : reader_let_go(self, stream);
}

void co_stream_close_gracefully(struct co_task *self, struct co_stream *stream, int64_t nanoseconds)
{
    if (stream && !stream->resetting && !stream_is_closing(stream))
        co_shield(self, nanoseconds, let_go_until_end, stream);
    co_stream_close(stream);
}

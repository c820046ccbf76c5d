/* Once somebody has read from a stream, the loop goes on reading into its buffer while there is room, whether a task
 * waits or not: stopping and starting for each read would cost two system calls. */
#include "tcp.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A task that waits for bytes.  A large buffer of its own is filled directly when nothing has been read ahead. */
struct reader {
    struct co_waiter waiter;
    struct co_stream *stream;
    void *bytes;
    size_t size;
};

/* A request of libuv's that a task waits for; both lie on its stack, so it stays until the callback has come. */
struct operation {
    struct co_waiter waiter;
    struct co_stream *stream;
};

struct co_stream {
    union {
        uv_handle_t any;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } handle;
    struct reader *reader;
    bool writing;
    bool disowned;                 /* co_stream_close was called */
    bool resetting;                /* co_stream_reset was called */
    bool closed;                   /* the loop has let go of the handle */
    bool ended;                    /* nothing more will come */
    int end_result;                /* 0 when that was the peer's wish */
    size_t taken, filled;          /* of the buffer; between them lies what was read ahead */
    char buffer[CO_STREAM_BUFFER]; /* last and never cleared: memory that is not used is not touched */
};

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

static bool is_closing(const struct co_stream *stream)
{
    return uv_is_closing(&stream->handle.any);
}

static void wake_reader(struct co_stream *stream, int result)
{
    struct reader *reader = stream->reader;

    stream->reader = NULL;
    if (reader)
        co_wake(&reader->waiter, result);
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
    wake_reader(stream, -EPIPE);
    return CO_ABORT_LATER;
}

static void operation_init(struct operation *operation, struct co_task *self, struct co_stream *stream,
                           const char *what)
{
    co_waiter_init(&operation->waiter, self, what, on_operation_cancelled);
    operation->stream = stream;
}

static void on_connected(uv_connect_t *request, int status)
{
    struct operation *operation = request->data;

    co_wake(&operation->waiter, status);
}

static int connect_to(struct co_task *self, struct co_stream *stream, const struct sockaddr *where)
{
    struct operation operation;
    uv_connect_t request = {.data = &operation};
    int result;

    operation_init(&operation, self, stream, "a connection to open");
    result = uv_tcp_connect(&request, &stream->handle.tcp, where, on_connected);
    return result < 0 ? result : co_park(self, &operation.waiter);
}

/* TCP lets a socket meet itself when the kernel happens to give it the port that it is to connect to. */
static bool is_its_own_peer(const struct co_stream *stream)
{
    struct sockaddr_storage local = {.ss_family = AF_UNSPEC}, peer = {.ss_family = AF_UNSPEC};

    return co_stream_local(stream, &local) == 0 && co_stream_peer(stream, &peer) == 0 &&
           memcmp(&local, &peer, sizeof local) == 0;
}

int co_connect_address(struct co_task *self, const struct sockaddr *address, struct co_stream **ret_stream)
{
    struct co_stream *stream;
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    stream = stream_open(self->runtime);
    if (!stream)
        return -ENOMEM;
    tcp_ignore_broken_pipes();
    result = connect_to(self, stream, address);
    if (result == 0 && is_its_own_peer(stream))
        result = -ECONNREFUSED;
    if (result < 0) {
        co_stream_close(stream);
        return result;
    }
    stream_connected(stream);
    *ret_stream = stream;
    return 0;
}

int co_connect(struct co_task *self, const char *address, int port, struct co_stream **ret_stream)
{
    struct sockaddr_storage where;
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    result = tcp_address(address, port, &where);
    if (result == 0 && port == 0)
        return -EINVAL;
    return result < 0 ? result : co_connect_address(self, (struct sockaddr *)&where, ret_stream);
}

static size_t buffered(const struct co_stream *stream)
{
    return stream->filled - stream->taken;
}

static void on_room_wanted(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_room)
{
    struct co_stream *stream = handle->data;
    struct reader *reader = stream->reader;

    (void)suggested;
    if (reader && reader->size >= CO_STREAM_BUFFER && buffered(stream) == 0)
        *ret_room = (uv_buf_t){.base = reader->bytes, .len = reader->size < INT_MAX ? reader->size : INT_MAX};
    else
        *ret_room = (uv_buf_t){.base = stream->buffer + stream->filled, .len = CO_STREAM_BUFFER - stream->filled};
}

/* When bytes and a reset come together, libuv gives the bytes and calls the rest an end. */
static int reason_of_end(const struct co_stream *stream)
{
    uv_os_fd_t fd;
    int error = 0;
    socklen_t size = sizeof error;

    if (uv_fileno(&stream->handle.any, &fd) == 0)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return -error;
}

static void on_read(uv_stream_t *handle, ssize_t count, const uv_buf_t *room)
{
    struct co_stream *stream = handle->data;

    if (count == 0) /* there was nothing after all */
        return;
    if (count < 0) {
        stream->ended = true;
        stream->end_result = count == UV_EOF ? reason_of_end(stream) : (int)count;
        wake_reader(stream, 0);
    } else if (room->base != stream->buffer + stream->filled) {
        wake_reader(stream, (int)count);
    } else {
        stream->filled += (size_t)count;
        if (stream->filled == CO_STREAM_BUFFER)
            uv_read_stop(handle);
        wake_reader(stream, 0);
    }
}

static enum co_abort on_read_cancelled(struct co_waiter *waiter)
{
    LIST_MEMBER(waiter, struct reader, waiter)->stream->reader = NULL;
    return CO_ABORT_NOW;
}

static void make_room(struct co_stream *stream)
{
    memmove(stream->buffer, stream->buffer + stream->taken, buffered(stream));
    stream->filled -= stream->taken;
    stream->taken = 0;
}

/* Until more has come, or the end: 0, then the stream tells; or how much went straight into `bytes`. */
static int wait_for_bytes(struct co_task *self, struct co_stream *stream, void *bytes, size_t size)
{
    struct reader reader = {.stream = stream, .bytes = bytes, .size = size};
    int result;

    assert(!stream->reader);
    make_room(stream);
    result = uv_read_start(stream_handle(stream), on_room_wanted, on_read);
    if (result < 0 && result != UV_EALREADY)
        return result;
    co_waiter_init(&reader.waiter, self, "bytes from a stream", on_read_cancelled);
    stream->reader = &reader;
    uv_ref(&stream->handle.any);
    result = co_park(self, &reader.waiter);
    uv_unref(&stream->handle.any);
    return result;
}

static int check(const struct co_task *self, const struct co_stream *stream)
{
    if (task_is_cancelled(self))
        return -ECANCELED;
    return is_closing(stream) ? -EPIPE : 0;
}

static ssize_t take(struct co_task *self, struct co_stream *stream, void *bytes, size_t size)
{
    if (size > buffered(stream))
        size = buffered(stream);
    memcpy(bytes, stream->buffer + stream->taken, size);
    stream->taken += size;
    co_completed_at_once(self);
    return (ssize_t)size;
}

ssize_t co_read(struct co_task *self, struct co_stream *stream, void *bytes, size_t size)
{
    int result = check(self, stream);

    assert(size > 0);
    if (result < 0)
        return result;
    if (buffered(stream) == 0 && !stream->ended) {
        result = wait_for_bytes(self, stream, bytes, size);
        if (result != 0)
            return result;
    }
    if (buffered(stream) == 0)
        return stream->end_result;
    return take(self, stream, bytes, size);
}

/* Until so many have been read ahead, or the end has: 0. */
static int fill(struct co_task *self, struct co_stream *stream, size_t size)
{
    while (buffered(stream) < size && !stream->ended) {
        int result = wait_for_bytes(self, stream, NULL, 0);

        if (result < 0)
            return result;
    }
    return 0;
}

static ssize_t read_many(struct co_task *self, struct co_stream *stream, char *bytes, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t count = co_read(self, stream, bytes + done, size - done);

        if (count < 0)
            return count;
        if (count == 0)
            break;
        done += (size_t)count;
    }
    return (ssize_t)done;
}

ssize_t co_read_exactly(struct co_task *self, struct co_stream *stream, void *bytes, size_t size)
{
    int result = check(self, stream);

    if (result < 0)
        return result;
    if (size > CO_STREAM_BUFFER)
        return read_many(self, stream, bytes, size);
    result = fill(self, stream, size);
    if (result < 0 || (buffered(stream) < size && stream->end_result < 0))
        return result < 0 ? result : stream->end_result;
    return take(self, stream, bytes, size);
}

/* 1 and where the newline is; 0 at the end, when there is none. */
static int find_newline(struct co_task *self, struct co_stream *stream, const char **ret_newline)
{
    size_t scanned = 0;

    for (;;) {
        int result;

        *ret_newline = memchr(stream->buffer + stream->taken + scanned, '\n', buffered(stream) - scanned);
        if (*ret_newline)
            return 1;
        if (stream->ended)
            return stream->end_result;
        scanned = buffered(stream);
        if (scanned == CO_STREAM_BUFFER)
            return -EMSGSIZE;
        result = wait_for_bytes(self, stream, NULL, 0);
        if (result < 0)
            return result;
    }
}

int co_read_line(struct co_task *self, struct co_stream *stream, struct slice *ret_line)
{
    const char *newline;
    struct slice line;
    int result = check(self, stream);

    if (result == 0)
        result = find_newline(self, stream, &newline);
    if (result < 0 || (result == 0 && buffered(stream) == 0))
        return result;
    line.bytes = stream->buffer + stream->taken;
    line.length = newline ? (size_t)(newline - line.bytes) : buffered(stream);
    stream->taken += line.length + (newline != NULL);
    if (newline && line.length > 0 && newline[-1] == '\r')
        line.length--;
    *ret_line = line;
    co_completed_at_once(self);
    return 1;
}

static void on_written(uv_write_t *request, int status)
{
    struct operation *operation = request->data;

    co_wake(&operation->waiter, status);
}

static int write_parked(struct co_task *self, struct co_stream *stream, const void *bytes, size_t size)
{
    struct operation operation;
    uv_write_t request = {.data = &operation};
    uv_buf_t buffer = {.base = (char *)bytes, .len = size};
    int result;

    operation_init(&operation, self, stream, "a stream to take bytes");
    result = uv_write(&request, stream_handle(stream), &buffer, 1, on_written);
    if (result < 0)
        return result;
    stream->writing = true;
    result = co_park(self, &operation.waiter);
    stream->writing = false;
    return result;
}

int co_write(struct co_task *self, struct co_stream *stream, const void *bytes, size_t size)
{
    uv_buf_t buffer = {.base = (char *)bytes, .len = size};
    int result = check(self, stream);

    assert(!stream->writing);
    if (result < 0)
        return result;
    result = uv_try_write(stream_handle(stream), &buffer, 1);
    if (result < 0 && result != UV_EAGAIN)
        return result;
    if (result == UV_EAGAIN)
        result = 0;
    if ((size_t)result < size)
        return write_parked(self, stream, (const char *)bytes + result, size - (size_t)result);
    co_completed_at_once(self);
    return 0;
}

static void on_shut_down(uv_shutdown_t *request, int status)
{
    struct operation *operation = request->data;

    co_wake(&operation->waiter, status);
}

int co_stream_shut_down(struct co_task *self, struct co_stream *stream)
{
    struct operation operation;
    uv_shutdown_t request = {.data = &operation};
    int result = check(self, stream);

    assert(!stream->writing);
    if (result < 0)
        return result;
    operation_init(&operation, self, stream, "a stream to shut down");
    result = uv_shutdown(&request, stream_handle(stream), on_shut_down);
    if (result < 0)
        return result;
    stream->writing = true;
    result = co_park(self, &operation.waiter);
    stream->writing = false;
    return result;
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
    if (!is_closing(stream))
        uv_close(&stream->handle.any, on_closed);
    else if (stream->closed)
        free(stream);
}

static int let_go_until_end(struct co_task *self, void *argument)
{
    struct co_stream *stream = argument;
    int result = co_stream_shut_down(self, stream);

    while (result == 0 && !stream->ended) {
        stream->taken = stream->filled = 0;
        result = wait_for_bytes(self, stream, NULL, 0);
    }
    return result;
}

void co_stream_close_gracefully(struct co_task *self, struct co_stream *stream, int64_t nanoseconds)
{
    if (stream && !stream->resetting && !is_closing(stream))
        co_shield(self, nanoseconds, let_go_until_end, stream);
    co_stream_close(stream);
}

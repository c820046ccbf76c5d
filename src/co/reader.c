/* Once somebody has read from a stream, the loop goes on reading into its buffer while there is room, whether a task
 * waits or not: stopping and starting for each read would cost two system calls. */
#include "stream.h"

#include <limits.h>
#include <string.h>

/* A task that waits for bytes.  A large buffer of its own is filled directly when nothing has been read ahead. */
struct reader {
    struct co_waiter waiter;
    struct co_stream *stream;
    void *bytes;
    size_t size;
};

void reader_wake(struct co_stream *stream, int result)
{
    struct reader *reader = stream->reader;

    stream->reader = NULL;
    if (reader)
        co_wake(&reader->waiter, result);
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
        reader_wake(stream, 0);
    } else if (room->base != stream->buffer + stream->filled) {
        reader_wake(stream, (int)count);
    } else {
        stream->filled += (size_t)count;
        if (stream->filled == CO_STREAM_BUFFER)
            uv_read_stop(handle);
        reader_wake(stream, 0);
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
    int result = stream_check(self, stream);

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
    int result = stream_check(self, stream);

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
    int result = stream_check(self, stream);

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

int reader_let_go(struct co_task *self, struct co_stream *stream)
{
    int result = 0;

    while (result == 0 && !stream->ended) {
        stream->taken = stream->filled = 0;
        result = wait_for_bytes(self, stream, NULL, 0);
    }
    return result;
}

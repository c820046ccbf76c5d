#include "stream.h"

static void on_written(uv_write_t *request, int status)
{
    struct operation *operation = request->data;

    co_wake(&operation->waiter, status);
}

static int park_writing(struct co_task *self, struct co_stream *stream, struct operation *operation)
{
    int result;

    stream->writing = true;
    result = co_park(self, &operation->waiter);
    stream->writing = false;
    return result;
}

static int write_parked(struct co_task *self, struct co_stream *stream, const void *bytes, size_t size)
{
    struct operation operation;
    uv_write_t request = {.data = &operation};
    uv_buf_t buffer = {.base = (char *)bytes, .len = size};
    int result;

    operation_init(&operation, self, stream, "a stream to take bytes");
    result = uv_write(&request, stream_handle(stream), &buffer, 1, on_written);
    return result < 0 ? result : park_writing(self, stream, &operation);
}

int co_write(struct co_task *self, struct co_stream *stream, const void *bytes, size_t size)
{
    uv_buf_t buffer = {.base = (char *)bytes, .len = size};
    int result = stream_check(self, stream);

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
    int result = stream_check(self, stream);

    assert(!stream->writing);
    if (result < 0)
        return result;
    operation_init(&operation, self, stream, "a stream to shut down");
    result = uv_shutdown(&request, stream_handle(stream), on_shut_down);
    return result < 0 ? result : park_writing(self, stream, &operation);
}

/* stream.h - what lies inside a stream, for those who open, read, write and close it. */
#pragma once

#include "tcp.h"

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

/* The wait for a request.  Cancelling it closes the stream, and the request's callback comes soon. */
void operation_init(struct operation *operation, struct co_task *self, struct co_stream *stream, const char *what);

/* A task that waits for bytes, if there is one, is woken. */
void reader_wake(struct co_stream *stream, int result);

/* Reads and drops until the end. */
int reader_let_go(struct co_task *self, struct co_stream *stream);

static inline bool stream_is_closing(const struct co_stream *stream)
{
    return uv_is_closing(&stream->handle.any);
}

/* What reading and writing begin with. */
static inline int stream_check(const struct co_task *self, const struct co_stream *stream)
{
    if (task_is_cancelled(self))
        return -ECANCELED;
    return stream_is_closing(stream) ? -EPIPE : 0;
}

/* reply.h - the answer to a request, written through a small buffer so that a short one is one packet.
 *
 *     reply_begin(self, reply, 200);
 *     reply_header(self, reply, "Content-Length: %d\r\n", 3);
 *     reply_end_head(self, reply);
 *     reply_body(self, reply, "abc", 3);
 *     result = reply_flush(self, reply);
 *
 * The first failure is kept: whatever is asked for after it does nothing, and reply_flush tells it.
 */
#pragma once

#include <haul/base/slice.h>
#include <haul/co/stream.h>

#include <stdbool.h>

#define REPLY_BUFFER 4096

struct reply {
    struct co_stream *stream;
    bool head_only; /* the request was HEAD: a body is not written */
    bool old;       /* to HTTP/1.0 */
    bool close;     /* the connection ends after it */
    int result;
    size_t length;
    char bytes[REPLY_BUFFER];
};

/* Status line and Connection. */
void reply_begin(struct co_task *self, struct reply *reply, int status);

/* One or more whole lines of at most REPLY_BUFFER bytes. */
void reply_header(struct co_task *self, struct reply *reply, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void reply_end_head(struct co_task *self, struct reply *reply);
void reply_body(struct co_task *self, struct reply *reply, const void *bytes, size_t size);

/* A whole answer. */
void reply_text(struct co_task *self, struct reply *reply, int status, struct slice text);

/* Bytes as they are, whatever the request was. */
void reply_raw(struct co_task *self, struct reply *reply, const void *bytes, size_t size);

int reply_flush(struct co_task *self, struct reply *reply);
void reply_pause(struct co_task *self, struct reply *reply, int64_t nanoseconds); /* what was said so far goes out */

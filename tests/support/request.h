/* request.h - an HTTP/1 request as it comes from a stream. */
#pragma once

#include <haul/base/slice.h>
#include <haul/co/stream.h>

#include <stdbool.h>

#define REQUEST_HEAD_MAXIMUM (16 * 1024)

/* The slices point into `head`. */
struct request {
    struct slice method, target; /* "GET", "/a?b" */
    struct slice path, query;    /* "/a", "b" */
    unsigned long long body_size;
    bool keep_alive; /* the connection is wanted afterwards */
    bool old;        /* HTTP/1.0 */
    size_t length;
    char head[REQUEST_HEAD_MAXIMUM]; /* the lines as they came, each ended by CR LF, without the empty one */
};

/* The head: 1; 0 when the peer has ended.  -EBADMSG: no request; -EMSGSIZE: too long. */
int request_read(struct co_task *self, struct co_stream *stream, struct request *request);

/* Reads the body and forgets it. */
int request_skip_body(struct co_task *self, struct co_stream *stream, const struct request *request);

/* The value of the first header of that name; empty when there is none. */
struct slice request_header(const struct request *request, struct slice name);

static inline struct slice request_head(const struct request *request)
{
    return (struct slice){request->head, request->length};
}

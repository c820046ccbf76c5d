#include "request.h"

#include <errno.h>
#include <string.h>

static int keep_line(struct request *request, struct slice line)
{
    if (line.length + 2 > sizeof request->head - request->length)
        return -EMSGSIZE;
    memcpy(request->head + request->length, line.bytes, line.length);
    memcpy(request->head + request->length + line.length, "\r\n", 2);
    request->length += line.length + 2;
    return 1;
}

/* Empty lines before a request do no harm (RFC 9112, 2.2). */
static int read_head(struct co_task *self, struct co_stream *stream, struct request *request)
{
    request->length = 0;
    for (;;) {
        struct slice line;
        int result = co_read_line(self, stream, &line);

        if (result == 1 && line.length == 0 && request->length > 0)
            return 1;
        if (result == 1 && line.length > 0)
            result = keep_line(request, line);
        if (result == 0 && request->length > 0)
            return -EBADMSG;
        if (result <= 0)
            return result;
    }
}

static bool parse_first_line(struct request *request)
{
    struct slice line, version;

    slice_cut(request_head(request), '\r', &line, &version);
    if (!slice_cut(line, ' ', &request->method, &line) || !slice_cut(line, ' ', &request->target, &version))
        return false;
    if (!slice_starts_with(request->target, SLICE("/")) || !slice_starts_with(version, SLICE("HTTP/1.")))
        return false;
    slice_cut(request->target, '?', &request->path, &request->query);
    request->old = slice_equal(version, SLICE("HTTP/1.0"));
    return true;
}

struct slice request_header(const struct request *request, struct slice name)
{
    struct slice rest = request_head(request), line, key, value;

    while (slice_cut(rest, '\n', &line, &rest))
        if (slice_cut(line, ':', &key, &value) && slice_equal_ignoring_case(key, name))
            return slice_trim(value);
    return (struct slice){NULL, 0};
}

static bool parse_headers(struct request *request)
{
    struct slice connection = request_header(request, SLICE("Connection"));
    struct slice length = request_header(request, SLICE("Content-Length"));

    if (request->old)
        request->keep_alive = slice_equal_ignoring_case(connection, SLICE("keep-alive"));
    else
        request->keep_alive = !slice_equal_ignoring_case(connection, SLICE("close"));
    request->body_size = 0;
    return length.length == 0 || slice_to_unsigned(length, 1ULL << 40, &request->body_size);
}

int request_read(struct co_task *self, struct co_stream *stream, struct request *request)
{
    int result = read_head(self, stream, request);

    if (result <= 0)
        return result;
    return parse_first_line(request) && parse_headers(request) ? 1 : -EBADMSG;
}

int request_skip_body(struct co_task *self, struct co_stream *stream, const struct request *request)
{
    char bytes[4096];
    unsigned long long left = request->body_size;

    while (left > 0) {
        ssize_t count = co_read(self, stream, bytes, left < sizeof bytes ? left : sizeof bytes);

        if (count <= 0)
            return count < 0 ? (int)count : -EBADMSG;
        left -= (unsigned long long)count;
    }
    return 0;
}

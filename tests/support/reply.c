#include "reply.h"

#include <haul/co/timer.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int reply_flush(struct co_task *self, struct reply *reply)
{
    if (reply->result == 0 && reply->length > 0)
        reply->result = co_write(self, reply->stream, reply->bytes, reply->length);
    reply->length = 0;
    return reply->result;
}

void reply_raw(struct co_task *self, struct reply *reply, const void *bytes, size_t size)
{
    if (size > sizeof reply->bytes - reply->length)
        reply_flush(self, reply);
    if (size > sizeof reply->bytes) {
        if (reply->result == 0)
            reply->result = co_write(self, reply->stream, bytes, size);
        return;
    }
    memcpy(reply->bytes + reply->length, bytes, size);
    reply->length += size;
}

void reply_pause(struct co_task *self, struct reply *reply, int64_t nanoseconds)
{
    if (reply_flush(self, reply) == 0)
        reply->result = co_sleep(self, nanoseconds);
}

static const char *reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 206:
        return "Partial Content";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 404:
        return "Not Found";
    case 429:
        return "Too Many Requests";
    case 503:
        return "Service Unavailable";
    default:
        return status < 400 ? "Fine" : "Failed";
    }
}

void reply_begin(struct co_task *self, struct reply *reply, int status)
{
    reply_header(self, reply, "HTTP/1.1 %d %s\r\n", status, reason(status));
    if (reply->close)
        reply_header(self, reply, "Connection: close\r\n");
    else if (reply->old)
        reply_header(self, reply, "Connection: keep-alive\r\n");
}

static size_t try_format(struct reply *reply, const char *format, va_list arguments)
{
    int length = vsnprintf(reply->bytes + reply->length, sizeof reply->bytes - reply->length, format, arguments);

    return length < 0 ? 0 : (size_t)length;
}

void reply_header(struct co_task *self, struct reply *reply, const char *format, ...)
{
    va_list arguments;
    size_t length;

    va_start(arguments, format);
    length = try_format(reply, format, arguments);
    va_end(arguments);
    if (length >= sizeof reply->bytes - reply->length) {
        reply_flush(self, reply);
        va_start(arguments, format);
        length = try_format(reply, format, arguments);
        va_end(arguments);
    }
    reply->length += length < sizeof reply->bytes ? length : sizeof reply->bytes - 1;
}

void reply_end_head(struct co_task *self, struct reply *reply)
{
    reply_raw(self, reply, "\r\n", 2);
}

void reply_body(struct co_task *self, struct reply *reply, const void *bytes, size_t size)
{
    if (!reply->head_only)
        reply_raw(self, reply, bytes, size);
}

void reply_text(struct co_task *self, struct reply *reply, int status, struct slice text)
{
    reply_begin(self, reply, status);
    if (status != 204 && status != 304)
        reply_header(self, reply, "Content-Type: text/plain\r\nContent-Length: %zu\r\n", text.length);
    reply_end_head(self, reply);
    if (status != 204 && status != 304)
        reply_body(self, reply, text.bytes, text.length);
}

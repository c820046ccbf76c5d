/* The answers that a good server gives. */
#include "part.h"

#include <haul/co/timer.h>

#include <stdio.h>
#include <string.h>

#define SIZE_MAXIMUM         (1ULL << 40)
#define CHUNK_SIZE           16384
#define HEADERS_MAXIMUM      100000
#define BIG_HEADER_MAXIMUM   (16 * 1024 * 1024)
#define PAUSE_MAXIMUM        3600000
#define REDIRECTIONS_MAXIMUM 1000000
#define ADDRESS_SIZE         2048

void answer_bytes(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    struct resource resource = {.size = 0};
    struct part part;

    if (!take_number(&rest, SIZE_MAXIMUM, &resource.size)) {
        answer_bad_request(self, exchange);
        return;
    }
    snprintf(resource.etag, sizeof resource.etag, "\"bytes-%llu\"", resource.size);
    part = part_wanted(exchange->request, &resource);
    begin_part(self, exchange, &resource, &part);
    send_pattern(self, exchange, part.first, part.count);
}

/* CODE, or CODE/N for the first N requests to this URL. */
void answer_status(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long status, times;
    char text[64];

    if (!take_number(&rest, 999, &status) || status < 200) {
        answer_bad_request(self, exchange);
        return;
    }
    if (slice_to_unsigned(rest, 1000000, &times) &&
        tally_count(&exchange->origin->tally, exchange->request->target) >= times)
        status = 200;
    snprintf(text, sizeof text, "status %llu\n", status);
    reply_text(self, &exchange->reply, (int)status, slice_of(text));
}

void answer_retry_after(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long seconds;
    struct reply *reply = &exchange->reply;

    if (!take_number(&rest, PAUSE_MAXIMUM, &seconds)) {
        answer_bad_request(self, exchange);
        return;
    }
    if (tally_count(&exchange->origin->tally, exchange->request->target) > 0) {
        reply_text(self, reply, 200, SLICE("welcome back\n"));
        return;
    }
    reply_begin(self, reply, 429);
    reply_header(self, reply, "Retry-After: %llu\r\nContent-Length: 0\r\n", seconds);
    reply_end_head(self, reply);
}

bool send_chunks(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    struct reply *reply = &exchange->reply;
    unsigned long long count;

    if (!take_number(&rest, SIZE_MAXIMUM, &count)) {
        answer_bad_request(self, exchange);
        return false;
    }
    reply_begin(self, reply, 200);
    reply_header(self, reply, "Transfer-Encoding: chunked\r\n");
    reply_end_head(self, reply);
    for (unsigned long long place = 0; place < count && reply->result == 0 && !reply->head_only;) {
        size_t size = count - place < CHUNK_SIZE ? count - place : CHUNK_SIZE;

        reply_header(self, reply, "%zx\r\n", size);
        send_pattern(self, exchange, place, size);
        reply_body(self, reply, "\r\n", 2);
        place += size;
    }
    return true;
}

/* HTTP/1.0 knows no chunks: such a client gets the same bytes until the connection ends. */
void answer_chunked(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    if (exchange->request->old)
        answer_close(self, exchange, rest);
    else if (send_chunks(self, exchange, rest))
        reply_body(self, &exchange->reply, "0\r\n\r\n", 5);
}

void answer_close(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long count;

    if (!take_number(&rest, SIZE_MAXIMUM, &count)) {
        answer_bad_request(self, exchange);
        return;
    }
    exchange->reply.close = true;
    reply_begin(self, &exchange->reply, 200);
    reply_end_head(self, &exchange->reply);
    send_pattern(self, exchange, 0, count);
}

void answer_drip(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long count, milliseconds;

    if (!take_number(&rest, SIZE_MAXIMUM, &count) || !take_number(&rest, PAUSE_MAXIMUM, &milliseconds)) {
        answer_bad_request(self, exchange);
        return;
    }
    begin_with_length(self, exchange, count);
    for (unsigned long long i = 0; i < count && exchange->reply.result == 0 && !exchange->reply.head_only; i++) {
        reply_pause(self, &exchange->reply, CO_MILLISECONDS(milliseconds));
        send_pattern(self, exchange, i, 1);
    }
}

static void redirect(struct co_task *self, struct exchange *exchange, int status, const char *address)
{
    reply_begin(self, &exchange->reply, status);
    reply_header(self, &exchange->reply, "Location: %s\r\nContent-Length: 0\r\n", address);
    reply_end_head(self, &exchange->reply);
}

void answer_redirect(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long left;
    char address[64];

    if (!take_number(&rest, REDIRECTIONS_MAXIMUM, &left)) {
        answer_bad_request(self, exchange);
    } else if (left == 0) {
        reply_text(self, &exchange->reply, 200, SLICE("arrived\n"));
    } else {
        snprintf(address, sizeof address, "/redirect/%llu", left - 1);
        redirect(self, exchange, 302, address);
    }
}

static struct slice query_value(const struct exchange *exchange, struct slice name)
{
    struct slice rest = exchange->request->query, part, key, value;

    while (rest.length > 0) {
        slice_cut(rest, '&', &part, &rest);
        if (slice_cut(part, '=', &key, &value) && slice_equal(key, name))
            return value;
    }
    return (struct slice){NULL, 0};
}

void answer_redirect_to(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    struct slice code = query_value(exchange, SLICE("code"));
    unsigned long long status = 302;
    char address[ADDRESS_SIZE];

    (void)rest;
    if ((code.length > 0 && !slice_to_unsigned(code, 308, &status)) || status < 301 ||
        !percent_decode(query_value(exchange, SLICE("url")), address, sizeof address))
        answer_bad_request(self, exchange);
    else
        redirect(self, exchange, (int)status, address);
}

void answer_loop(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    (void)rest;
    redirect(self, exchange, 302, "/loop");
}

void answer_headers(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long count;

    if (!take_number(&rest, HEADERS_MAXIMUM, &count)) {
        answer_bad_request(self, exchange);
        return;
    }
    reply_begin(self, &exchange->reply, 200);
    for (unsigned long long i = 0; i < count; i++)
        reply_header(self, &exchange->reply, "X-Header-%llu: value %llu\r\n", i, i);
    reply_header(self, &exchange->reply, "Content-Length: 0\r\n");
    reply_end_head(self, &exchange->reply);
}

void answer_big_header(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long size;
    char letters[1024];

    if (!take_number(&rest, BIG_HEADER_MAXIMUM, &size)) {
        answer_bad_request(self, exchange);
        return;
    }
    memset(letters, 'a', sizeof letters);
    reply_begin(self, &exchange->reply, 200);
    reply_header(self, &exchange->reply, "Content-Length: 0\r\nX-Big: ");
    for (; size > 0; size -= size < sizeof letters ? size : sizeof letters)
        reply_raw(self, &exchange->reply, letters, size < sizeof letters ? size : sizeof letters);
    reply_raw(self, &exchange->reply, "\r\n", 2);
    reply_end_head(self, &exchange->reply);
}

void answer_partial(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    (void)rest;
    reply_begin(self, &exchange->reply, 206);
    reply_header(self, &exchange->reply, "Content-Range: bytes 0-9/100\r\nContent-Length: 10\r\n");
    reply_end_head(self, &exchange->reply);
    send_pattern(self, exchange, 0, 10);
}

void answer_echo(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    (void)rest;
    reply_text(self, &exchange->reply, 200, request_head(exchange->request));
}

void answer_stats(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    const struct origin *origin = exchange->origin;
    char text[160];

    (void)rest;
    snprintf(text, sizeof text, "connections %lu\nrequests %lu\nmost_in_flight %lu\n", origin->connections,
             origin->requests, origin->most_in_flight);
    reply_text(self, &exchange->reply, 200, slice_of(text));
}

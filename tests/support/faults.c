/* The answers of servers that break, lie or fall silent. */
#include "exchange.h"

#include <haul/co/scope.h>
#include <haul/co/timer.h>

#define SIZE_MAXIMUM      (1ULL << 40)
#define SILENCE_MAXIMUM   CO_SECONDS(600)
#define STRAY_BYTES_LATER CO_MILLISECONDS(5)

void answer_chunked_cut(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    exchange->reply.close = true;
    send_chunks(self, exchange, rest);
}

/* N/OF: says OF bytes and sends N.  True when that was asked for and no failure came between. */
static bool send_less(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long sent, said;

    exchange->reply.close = true;
    if (!take_number(&rest, SIZE_MAXIMUM, &sent) || !take_number(&rest, SIZE_MAXIMUM, &said)) {
        answer_bad_request(self, exchange);
        return false;
    }
    begin_with_length(self, exchange, said);
    send_pattern(self, exchange, 0, sent);
    return reply_flush(self, &exchange->reply) == 0;
}

void answer_cut(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    send_less(self, exchange, rest);
}

void answer_reset(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    if (send_less(self, exchange, rest))
        co_stream_reset(exchange->reply.stream);
}

static int read_to_the_end(struct co_task *self, void *stream)
{
    char bytes[1024];
    ssize_t count;

    do
        count = co_read(self, stream, bytes, sizeof bytes);
    while (count > 0);
    return (int)count;
}

void fall_silent(struct co_task *self, struct exchange *exchange)
{
    exchange->reply.close = true;
    co_timeout(self, SILENCE_MAXIMUM, read_to_the_end, exchange->reply.stream);
}

void answer_stall(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    if (send_less(self, exchange, rest))
        fall_silent(self, exchange);
}

void answer_silent(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    (void)rest;
    fall_silent(self, exchange);
}

void answer_lengths(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long first, second;

    if (!take_number(&rest, SIZE_MAXIMUM, &first) || !take_number(&rest, SIZE_MAXIMUM, &second)) {
        answer_bad_request(self, exchange);
        return;
    }
    exchange->reply.close = true;
    reply_begin(self, &exchange->reply, 200);
    reply_header(self, &exchange->reply, "Content-Length: %llu\r\nContent-Length: %llu\r\n", first, second);
    reply_end_head(self, &exchange->reply);
    send_pattern(self, exchange, 0, first);
}

void answer_garbage(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    static const char garbage[] = "\001\002\003 220 this is another protocol\r\n\r\n";

    (void)rest;
    exchange->reply.close = true;
    reply_raw(self, &exchange->reply, garbage, sizeof garbage - 1);
}

/* The stray bytes come when the client may already have put the connection aside. */
void answer_extra(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    answer_bytes(self, exchange, rest);
    reply_pause(self, &exchange->reply, STRAY_BYTES_LATER);
    reply_raw(self, &exchange->reply, "stray bytes", 11);
}

/* Likewise a whole answer, which nobody has asked for. */
void answer_twice(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    static const char another[] = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nnot asked for";

    answer_bytes(self, exchange, rest);
    reply_pause(self, &exchange->reply, STRAY_BYTES_LATER);
    reply_raw(self, &exchange->reply, another, sizeof another - 1);
}

void answer_no_location(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    (void)rest;
    reply_text(self, &exchange->reply, 302, SLICE("somewhere else\n"));
}

/* N/PATH: as PATH says while no more than N requests are under way. */
void answer_crowded(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned long long most;

    if (!take_number(&rest, UINT32_MAX, &most))
        answer_bad_request(self, exchange);
    else if (exchange->origin->in_flight > most)
        reply_text(self, &exchange->reply, 503, SLICE("too many at once\n"));
    else
        exchange_answer_path(self, exchange, rest);
}

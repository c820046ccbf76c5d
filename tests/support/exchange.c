#include "exchange.h"

#include <haul/co/timer.h>

#include <stdlib.h>
#include <string.h>

#define DELAY_MAXIMUM_MILLISECONDS 3600000

static const struct answer {
    const char *name;
    answer_function *function;
} answers[] = {
    {"bytes", answer_bytes},
    {"files", answer_files},
    {"status", answer_status},
    {"chunked", answer_chunked},
    {"chunked-cut", answer_chunked_cut},
    {"cut", answer_cut},
    {"reset", answer_reset},
    {"stall", answer_stall},
    {"silent", answer_silent},
    {"drip", answer_drip},
    {"close", answer_close},
    {"redirect", answer_redirect},
    {"redirect-to", answer_redirect_to},
    {"loop", answer_loop},
    {"no-location", answer_no_location},
    {"lengths", answer_lengths},
    {"garbage", answer_garbage},
    {"extra", answer_extra},
    {"twice", answer_twice},
    {"headers", answer_headers},
    {"big-header", answer_big_header},
    {"partial", answer_partial},
    {"echo", answer_echo},
    {"stats", answer_stats},
    {"retry-after", answer_retry_after},
    {"crowded", answer_crowded},
    {"plan", answer_plan},
};

void exchange_answer_path(struct co_task *self, struct exchange *exchange, struct slice path)
{
    struct slice name, rest;
    unsigned long long milliseconds;

    slice_cut(path, '/', &name, &rest);
    while (slice_equal(name, SLICE("delay")) && take_number(&rest, DELAY_MAXIMUM_MILLISECONDS, &milliseconds)) {
        reply_pause(self, &exchange->reply, CO_MILLISECONDS(milliseconds));
        slice_cut(rest, '/', &name, &rest);
    }
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (slice_equal(name, slice_of(answers[i].name))) {
            answers[i].function(self, exchange, rest);
            return;
        }
    }
    reply_text(self, &exchange->reply, 404, SLICE("there is no such path\n"));
}

void exchange_answer(struct co_task *self, struct exchange *exchange)
{
    exchange_answer_path(self, exchange, slice_from(exchange->request->path, 1));
}

void answer_bad_request(struct co_task *self, struct exchange *exchange)
{
    reply_text(self, &exchange->reply, 400, SLICE("that is no request for this path\n"));
}

bool take_number(struct slice *rest, unsigned long long maximum, unsigned long long *ret_number)
{
    struct slice word;

    slice_cut(*rest, '/', &word, rest);
    return slice_to_unsigned(word, maximum, ret_number);
}

static int hexadecimal(struct slice encoded, size_t place)
{
    char digits[3] = {0}, *end;
    long number;

    if (encoded.length - place < 3)
        return -1;
    memcpy(digits, encoded.bytes + place + 1, 2);
    number = strtol(digits, &end, 16);
    return end == digits + 2 ? (int)number : -1;
}

bool percent_decode(struct slice encoded, char *text, size_t size)
{
    size_t length = 0;

    for (size_t i = 0; i < encoded.length; i++) {
        int byte = (unsigned char)encoded.bytes[i];

        if (byte == '%') {
            byte = hexadecimal(encoded, i);
            i += 2;
        }
        if (byte < ' ' || byte == 127 || length + 1 >= size)
            return false;
        text[length++] = (char)byte;
    }
    text[length] = '\0';
    return true;
}

void begin_with_length(struct co_task *self, struct exchange *exchange, unsigned long long length)
{
    reply_begin(self, &exchange->reply, 200);
    reply_header(self, &exchange->reply, "Content-Length: %llu\r\n", length);
    reply_end_head(self, &exchange->reply);
}

void send_pattern(struct co_task *self, struct exchange *exchange, unsigned long long first, unsigned long long count)
{
    while (count > 0 && !exchange->reply.head_only && exchange->reply.result == 0) {
        size_t start = first % PATTERN_PERIOD, size = PATTERN_SIZE - start;

        if (size > count)
            size = count;
        reply_body(self, &exchange->reply, exchange->origin->pattern + start, size);
        first += size;
        count -= size;
    }
}

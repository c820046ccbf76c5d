/* Answers that follow a plan: /plan/SIZE/STEP/STEP... - the nth request to that URL, query included, is answered as the
 * nth step says, and whoever comes later as the last one does.
 *
 * A step is a word, a dash and a number where it takes one, and perhaps a dot and the letter of another version of the
 * body (.b, .c; .a is that without a letter).  Each version has its ETag, and Range and If-Range are heeded unless the
 * step is about that.
 */
#include "part.h"

#include <haul/co/timer.h>

#include <stdio.h>

#define SIZE_MAXIMUM   (1ULL << 30)
#define SLOW_PIECES    4
#define LATER          CO_MILLISECONDS(3)
#define VERSION_STRIDE 13 /* no two versions have the same bytes anywhere */

struct step {
    struct slice word;
    unsigned long long number, size, version;
};

/* What a step makes of the bytes that are asked for. */
static void send_from(struct co_task *self, struct exchange *exchange, const struct step *step,
                      unsigned long long first, unsigned long long count)
{
    send_pattern(self, exchange, first + VERSION_STRIDE * step->version, count);
}

static struct part begin(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    struct resource resource = {.size = step->size};
    struct part part;

    snprintf(resource.etag, sizeof resource.etag, "\"%llu-%llu\"", step->size, step->version);
    part = part_wanted(exchange->request, &resource);
    if (slice_equal(step->word, SLICE("whole")))
        part = (struct part){.status = 200, .count = step->size};
    if (slice_equal(step->word, SLICE("wrong")) && part.status == 206 && part.first > 0)
        part.first--;
    begin_part(self, exchange, &resource, &part);
    return part;
}

static void send_ok(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    struct part part = begin(self, exchange, step);

    send_from(self, exchange, step, part.first, part.count);
}

/* True when `number` bytes of it, or all but one, are out and nothing went wrong between. */
static bool send_some(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    struct part part = begin(self, exchange, step);

    exchange->reply.close = true;
    if (part.count > 0)
        send_from(self, exchange, step, part.first, step->number < part.count ? step->number : part.count - 1);
    return reply_flush(self, &exchange->reply) == 0;
}

static void send_cut(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    send_some(self, exchange, step);
}

static void send_reset(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    if (send_some(self, exchange, step))
        co_stream_reset(exchange->reply.stream);
}

static void send_stall(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    if (send_some(self, exchange, step))
        fall_silent(self, exchange);
}

static void send_slow(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    struct part part = begin(self, exchange, step);

    for (unsigned i = 0; i < SLOW_PIECES; i++) {
        unsigned long long from = part.count * i / SLOW_PIECES, to = part.count * (i + 1) / SLOW_PIECES;

        reply_pause(self, &exchange->reply, CO_MILLISECONDS(step->number));
        send_from(self, exchange, step, part.first + from, to - from);
    }
}

static void send_extra(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    send_ok(self, exchange, step);
    reply_pause(self, &exchange->reply, LATER);
    reply_raw(self, &exchange->reply, "stray bytes", 11);
}

static void send_until_close(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    exchange->reply.close = true;
    reply_begin(self, &exchange->reply, 200);
    reply_end_head(self, &exchange->reply);
    send_from(self, exchange, step, 0, step->size);
}

/* Without its end when `number` is not 0. */
static void send_in_chunks(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    struct reply *reply = &exchange->reply;

    reply_begin(self, reply, 200);
    reply_header(self, reply, "Transfer-Encoding: chunked\r\n");
    reply_end_head(self, reply);
    if (step->size > 0)
        reply_header(self, reply, "%llx\r\n", step->size);
    send_from(self, exchange, step, 0, step->size);
    reply_body(self, reply, "\r\n0\r\n\r\n", step->number > 0 ? 2 : 7);
    reply->close = step->number > 0;
}

static void send_status(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    reply_text(self, &exchange->reply, (int)step->number, SLICE("not now\n"));
}

static void send_come_later(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    reply_begin(self, &exchange->reply, 429);
    reply_header(self, &exchange->reply, "Retry-After: %llu\r\nContent-Length: 0\r\n", step->number);
    reply_end_head(self, &exchange->reply);
}

static void send_two_lengths(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    exchange->reply.close = true;
    reply_begin(self, &exchange->reply, 200);
    reply_header(self, &exchange->reply, "Content-Length: %llu\r\nContent-Length: %llu\r\n", step->size,
                 step->size + 1);
    reply_end_head(self, &exchange->reply);
    send_from(self, exchange, step, 0, step->size);
}

static void send_garbage(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    answer_garbage(self, exchange, step->word);
}

static void send_round(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    answer_loop(self, exchange, step->word);
}

/* The connection ends without an answer. */
static void send_nothing(struct co_task *self, struct exchange *exchange, const struct step *step)
{
    (void)self;
    exchange->reply.close = true;
    if (step->number > 0)
        co_stream_reset(exchange->reply.stream);
}

static const struct {
    const char *word;
    void (*send)(struct co_task *self, struct exchange *exchange, const struct step *step);
} kinds[] = {
    {"ok", send_ok},
    {"whole", send_ok},
    {"wrong", send_ok},
    {"cut", send_cut},
    {"reset", send_reset},
    {"stall", send_stall},
    {"slow", send_slow},
    {"extra", send_extra},
    {"close", send_until_close},
    {"chunks", send_in_chunks},
    {"status", send_status},
    {"later", send_come_later},
    {"lengths", send_two_lengths},
    {"garbage", send_garbage},
    {"loop", send_round},
    {"nothing", send_nothing},
};

static bool parse_step(struct slice written, struct step *step)
{
    struct slice version, number;

    slice_cut(written, '.', &written, &version);
    slice_cut(written, '-', &step->word, &number);
    step->version = version.length == 1 ? (unsigned long long)(version.bytes[0] - 'a') : 0;
    return step->version < 26 && (number.length == 0 || slice_to_unsigned(number, SIZE_MAXIMUM, &step->number));
}

void answer_plan(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    unsigned place = tally_count(&exchange->origin->tally, exchange->request->target);
    struct step step = {.number = 0};
    struct slice written;

    if (!take_number(&rest, SIZE_MAXIMUM, &step.size)) {
        answer_bad_request(self, exchange);
        return;
    }
    do
        slice_cut(rest, '/', &written, &rest);
    while (place-- > 0 && rest.length > 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && parse_step(written, &step); i++) {
        if (slice_equal(step.word, slice_of(kinds[i].word))) {
            kinds[i].send(self, exchange, &step);
            return;
        }
    }
    answer_bad_request(self, exchange);
}

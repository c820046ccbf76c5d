#include "ticker.h"

#include "progress.h"
#include "sentences.h"

#include <haul/base/clock.h>
#include <haul/co/scope.h>
#include <haul/co/signal.h>
#include <haul/co/thread.h>

#include <signal.h>

#define REDRAW_PAUSE    CO_MILLISECONDS(100)
#define SENTENCE_PAUSE  CO_SECONDS(5)
#define RATE_SPAN       CO_SECONDS(3)        /* that the rate is an average of */
#define PATIENCE        CO_MILLISECONDS(500) /* a transfer that ends sooner is not worth its line */
#define SENTENCES_AHEAD 4096                 /* bytes that wait for a slow reader: it gets no more progress then */

static void note_rate(struct ticker *ticker, int64_t bytes, int64_t now)
{
    int64_t elapsed = now - ticker->began, since = now - ticker->last;
    int64_t span = elapsed < RATE_SPAN ? elapsed : RATE_SPAN;
    int64_t more = bytes > ticker->bytes ? bytes - ticker->bytes : 0; /* what a failed attempt brought goes again */
    double weight = since < span ? (double)since / (double)span : 1;

    if (since <= 0)
        return;
    ticker->rate += ((double)more * (double)NANOSECONDS_PER_SECOND / (double)since - ticker->rate) * weight;
    ticker->bytes = bytes;
    ticker->last = now;
}

/* Those that have been under way for longest. */
static void choose_transfers(const struct ticker *ticker, struct progress *progress, int64_t now)
{
    LIST_EACH (link, &ticker->flights->under_way) {
        const struct flight *flight = LIST_MEMBER(link, struct flight, link);

        if (progress->transfer_count == PROGRESS_TRANSFERS || now - flight->began < PATIENCE)
            return;
        progress->transfers[progress->transfer_count++] =
            (struct progress_transfer){flight->name, flight->came, flight->size, now - flight->began};
    }
}

/* Nothing moves: that is no time. */
static int64_t time_left(int64_t bytes, double rate)
{
    double seconds = rate > 0 ? (double)bytes / rate : -1;

    return seconds >= 0 && seconds < 1e9 ? (int64_t)(seconds * (double)NANOSECONDS_PER_SECOND) : -1;
}

static void look(struct ticker *ticker, struct progress *progress)
{
    const struct flights *flights = ticker->flights;
    const struct totals *totals = ticker->totals;
    int64_t now = co_now(), came = flights_came(flights);

    note_rate(ticker, (int64_t)totals->bytes + came, now);
    *progress = (struct progress){
        .done = totals->total,
        .failed = totals->by_result[RESULT_FAILED],
        .total = flights->all_read ? flights->read : 0,
        .bytes = ticker->bytes,
        .bytes_total = -1,
        .rate = ticker->rate,
        .elapsed = now - ticker->began,
        .left = -1,
        .under_way = flights->count,
    };
    choose_transfers(ticker, progress, now);
    if (!flights->all_read || flights->unsized > 0)
        return;
    progress->bytes_total = (int64_t)totals->bytes + flights->bytes;
    progress->left = time_left(flights->bytes > came ? flights->bytes - came : 0, ticker->rate);
}

static int show_block(void *argument, const struct co_token *token)
{
    struct ticker *ticker = argument;

    (void)token;
    return screen_show(ticker->screen, text_slice(&ticker->block));
}

static void show(struct co_task *self, struct ticker *ticker)
{
    if (!ticker->is_broken)
        ticker->is_broken = co_to_thread_shielded(self, show_block, ticker) < 0;
}

static void redraw(struct co_task *self, struct ticker *ticker)
{
    struct progress progress;
    unsigned columns, rows;

    look(ticker, &progress);
    screen_size(ticker->screen, &columns, &rows);
    text_clear(&ticker->block);
    progress_append_block(&ticker->block, &progress, columns, rows - 1, ticker->color);
    show(self, ticker);
}

static void say(struct ticker *ticker)
{
    struct progress progress;

    look(ticker, &progress);
    if (ticker->sentences->pending.length > SENTENCES_AHEAD)
        return;
    text_clear(&ticker->block);
    progress_append_sentence(&ticker->block, &progress);
    sentences_append_remark(&ticker->sentences->pending, ticker->block.bytes);
    writer_appended(ticker->sentences);
}

/* Until it is time again, or something has woken it. */
static void wait_a_while(struct co_task *self, struct ticker *ticker, int64_t until)
{
    struct co_scope scope;

    co_event_clear(&ticker->wake);
    co_scope_begin(self, &scope, until);
    co_scope_end(self, &scope, co_event_wait(self, &ticker->wake));
}

/* The size of the terminal is asked for each time: a signal that it has changed would come hardly sooner. */
static void draw_until_end(struct co_task *self, struct ticker *ticker)
{
    while (!ticker->is_ending) {
        wait_a_while(self, ticker, co_after(REDRAW_PAUSE));
        if (!ticker->is_ending)
            redraw(self, ticker);
    }
    text_clear(&ticker->block);
    show(self, ticker);
}

static void say_until_end(struct co_task *self, struct ticker *ticker)
{
    int64_t next = co_after(SENTENCE_PAUSE);

    for (; !ticker->is_ending; next += SENTENCE_PAUSE) {
        wait_a_while(self, ticker, next);
        if (!ticker->is_ending)
            say(ticker);
    }
}

/* A shell has the terminal while the process is stopped. */
static int forget_when_continued(struct co_task *self, void *argument)
{
    struct ticker *ticker = argument;
    struct co_signal *signal;
    int result = co_signal_open(co_task_runtime(self), SIGCONT, &signal);

    if (result < 0)
        return result;
    co_signal_stand_by(signal);
    while (result >= 0) {
        result = co_signal_wait(self, signal);
        if (result == 0)
            screen_forget(ticker->screen);
    }
    co_signal_close(signal);
    return result;
}

static void draw(struct co_task *self, struct ticker *ticker)
{
    struct co_group watches;

    co_group_open(self, &watches, CO_COLLECT, 0);
    co_spawn_named(self, &watches, "continued", forget_when_continued, ticker, NULL); /* without it, less well */
    draw_until_end(self, ticker);
    co_group_cancel(&watches);
    co_group_close(self, &watches, 0);
}

static int run(struct co_task *self, void *argument)
{
    struct ticker *ticker = argument;
    struct co_scope scope;

    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    if (ticker->screen)
        draw(self, ticker);
    else
        say_until_end(self, ticker);
    co_event_set(&ticker->ended);
    return co_scope_end(self, &scope, 0);
}

int ticker_start(struct co_task *self, struct co_group *group, struct ticker *ticker)
{
    ticker->began = ticker->last = co_now();
    co_event_init(&ticker->wake);
    co_event_init(&ticker->ended);
    return co_spawn_named(self, group, "progress", run, ticker, NULL);
}

void ticker_finish(struct co_task *self, struct ticker *ticker)
{
    struct co_scope scope;

    ticker->is_ending = true;
    co_event_set(&ticker->wake);
    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    co_event_wait(self, &ticker->ended);
    co_scope_end(self, &scope, 0);
}

void ticker_release(struct ticker *ticker)
{
    text_release(&ticker->block);
}

#include "screen.h"

#include "shown.h"
#include "write_all.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_ASSUMED 80
#define ROWS_ASSUMED    24

void screen_init(struct screen *screen, int terminal)
{
    *screen = (struct screen){.terminal = terminal};
    pthread_mutex_init(&screen->mutex, NULL);
}

void screen_release(struct screen *screen)
{
    pthread_mutex_destroy(&screen->mutex);
    text_release(&screen->block);
    text_release(&screen->bytes);
}

void screen_size(const struct screen *screen, unsigned *ret_columns, unsigned *ret_rows)
{
    struct winsize size = {.ws_col = 0};

    ioctl(screen->terminal, TIOCGWINSZ, &size);
    *ret_columns = size.ws_col > 0 ? size.ws_col : COLUMNS_ASSUMED;
    *ret_rows = size.ws_row > 0 ? size.ws_row : ROWS_ASSUMED;
}

/* That the block takes now: a terminal that has become narrower has wrapped its lines. */
static unsigned rows_of_block(const struct screen *screen)
{
    struct slice rest = text_slice(&screen->block), line;
    unsigned columns, rows, taken = 0;

    screen_size(screen, &columns, &rows);
    while (rest.length > 0) {
        unsigned width;

        slice_cut(rest, '\n', &line, &rest);
        width = shown_columns_of_line(line);
        taken += width == 0 ? 1 : (width + columns - 1) / columns;
    }
    return taken;
}

static void append_return(struct screen *screen)
{
    unsigned rows = rows_of_block(screen);

    if (!screen->is_shown)
        return;
    text_append_byte(&screen->bytes, '\r');
    if (rows > 0)
        text_append_format(&screen->bytes, "\x1b[%uA", rows);
}

static void append_erase(struct screen *screen)
{
    append_return(screen);
    if (screen->is_shown)
        text_append_string(&screen->bytes, "\x1b[J");
    screen->is_shown = false;
}

/* Each line erases what is left of the one it replaces, so that nothing is dark between. */
static void append_block(struct screen *screen)
{
    struct slice rest = text_slice(&screen->block), line;

    while (rest.length > 0) {
        slice_cut(rest, '\n', &line, &rest);
        text_append(&screen->bytes, line);
        text_append_string(&screen->bytes, "\x1b[K\n");
    }
    text_append_string(&screen->bytes, "\x1b[J");
    screen->is_shown = true;
}

static int flush(struct screen *screen, int descriptor)
{
    int result = write_all(descriptor, text_slice(&screen->bytes), &screen->hurry);

    text_clear(&screen->bytes);
    return result;
}

void screen_hurry(struct screen *screen)
{
    atomic_store(&screen->hurry, true);
}

static bool is_in_background(const struct screen *screen)
{
    pid_t foreground = tcgetpgrp(screen->terminal);

    return foreground >= 0 && foreground != getpgrp();
}

static void heed_loss(struct screen *screen)
{
    if (atomic_exchange(&screen->is_lost, false))
        screen->is_shown = false;
}

static int show(struct screen *screen, struct slice block)
{
    heed_loss(screen);
    if (is_in_background(screen)) {
        screen->is_shown = false;
        return 0;
    }
    if (block.length == 0)
        append_erase(screen);
    else
        append_return(screen);
    text_clear(&screen->block);
    text_append(&screen->block, block);
    if (block.length > 0)
        append_block(screen);
    return flush(screen, screen->terminal);
}

int screen_show(struct screen *screen, struct slice block)
{
    int result;

    pthread_mutex_lock(&screen->mutex);
    result = show(screen, block);
    pthread_mutex_unlock(&screen->mutex);
    return result;
}

static int print(struct screen *screen, int descriptor, struct slice lines)
{
    bool is_other = descriptor != screen->terminal;
    bool was_shown;
    int result = 0;

    heed_loss(screen);
    was_shown = screen->is_shown && !is_in_background(screen);

    if (was_shown)
        append_erase(screen);
    if (is_other)
        result = flush(screen, screen->terminal);
    text_append(&screen->bytes, lines);
    if (is_other && result == 0)
        result = flush(screen, descriptor);
    if (was_shown)
        append_block(screen);
    return result < 0 ? result : flush(screen, screen->terminal);
}

int screen_print(struct screen *screen, int descriptor, struct slice lines)
{
    int result;

    pthread_mutex_lock(&screen->mutex);
    result = print(screen, descriptor, lines);
    pthread_mutex_unlock(&screen->mutex);
    return result;
}

void screen_forget(struct screen *screen)
{
    atomic_store(&screen->is_lost, true);
}

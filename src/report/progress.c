#include "progress.h"

#include "color.h"
#include "quantity.h"
#include "redact.h"
#include "shown.h"

#include <haul/base/clock.h>

#include <string.h>

#define BAR_MINIMUM   12
#define BAR_MAXIMUM   40
#define NAME_MINIMUM  8
#define PARTS_MAXIMUM 5

struct part {
    char words[48];
    unsigned rank; /* those of a low rank are shown in a narrow terminal, too */
    bool is_trouble;
    bool is_shown;
};

struct parts {
    struct part parts[PARTS_MAXIMUM];
    unsigned count;
};

static void add_part(struct parts *parts, unsigned rank, bool is_trouble, const struct text *words)
{
    struct part *part = &parts->parts[parts->count++];

    *part = (struct part){.rank = rank, .is_trouble = is_trouble};
    strncpy(part->words, words->bytes, sizeof part->words - 1);
}

/* Whole seconds: tenths of what is only an estimate would flicker. */
static void append_time_left(struct text *text, int64_t left)
{
    int64_t seconds = left / NANOSECONDS_PER_SECOND;

    if (seconds < 100)
        text_append_format(text, "%d s", (int)seconds);
    else
        quantity_append_duration(text, left);
    text_append_string(text, " left");
}

static void append_counts(struct text *text, const struct progress *progress)
{
    text_append_format(text, progress->total > 0 ? "%llu/%llu" : "%llu done", (unsigned long long)progress->done,
                       (unsigned long long)progress->total);
}

static void append_bytes(struct text *text, const struct progress *progress)
{
    quantity_append_size(text, (uint64_t)progress->bytes);
}

static void append_rate(struct text *text, const struct progress *progress)
{
    quantity_append_size(text, (uint64_t)progress->rate);
    text_append_string(text, "/s");
}

static void append_left(struct text *text, const struct progress *progress)
{
    append_time_left(text, progress->left);
}

static void append_failed(struct text *text, const struct progress *progress)
{
    text_append_format(text, "%llu failed", (unsigned long long)progress->failed);
}

static void make_parts(struct parts *parts, const struct progress *progress)
{
    const struct {
        void (*append)(struct text *text, const struct progress *progress);
        unsigned rank;
        bool is_wanted, is_trouble;
    } rows[PARTS_MAXIMUM] = {
        {append_counts, 0, true, false},
        {append_bytes, 3, true, false},
        {append_rate, 4, true, false},
        {append_left, 2, progress->left >= 0, false},
        {append_failed, 1, progress->failed > 0, true},
    };
    CLEANUP(text_release) struct text words = {0};

    for (size_t i = 0; i < PARTS_MAXIMUM; i++) {
        if (!rows[i].is_wanted)
            continue;
        text_clear(&words);
        rows[i].append(&words, progress);
        add_part(parts, rows[i].rank, rows[i].is_trouble, &words);
    }
}

/* Shows what fits, by rank; gives the columns that are left. */
static unsigned choose_parts(struct parts *parts, unsigned columns)
{
    for (unsigned rank = 0; rank < PARTS_MAXIMUM; rank++) {
        for (unsigned i = 0; i < parts->count; i++) {
            unsigned width = (unsigned)strlen(parts->parts[i].words) + (rank > 0 ? 2 : 0);

            if (parts->parts[i].rank != rank || width > columns)
                continue;
            parts->parts[i].is_shown = true;
            columns -= width;
        }
    }
    return columns;
}

/* Of what is to be done, by bytes where they are known; less than 0: unknown. */
static double share_done(const struct progress *progress)
{
    double share = -1;

    if (progress->total == 0)
        return -1;
    if (progress->bytes_total > 0)
        share = (double)progress->bytes / (double)progress->bytes_total;
    else
        share = (double)progress->done / (double)progress->total;
    return share > 1 ? 1 : share;
}

static void append_bar(struct text *text, double share, unsigned room, bool color)
{
    unsigned width = (room < BAR_MAXIMUM ? room : BAR_MAXIMUM) - (unsigned)strlen("[]  100%  ");
    unsigned full = (unsigned)(share * width);

    text_append_byte(text, '[');
    color_begin(text, COLOR_GREEN, color);
    for (unsigned i = 0; i < width; i++)
        text_append_byte(text, i < full ? '=' : i == full ? '>' : ' ');
    color_end(text, color);
    text_append_format(text, "]  %3u%%  ", (unsigned)(share * 100));
}

static void append_parts(struct text *text, const struct parts *parts, bool color)
{
    bool is_first = true;

    for (unsigned i = 0; i < parts->count; i++) {
        const struct part *part = &parts->parts[i];

        if (!part->is_shown)
            continue;
        text_append_string(text, is_first ? "" : "  ");
        color_begin(text, COLOR_RED, color && part->is_trouble);
        text_append_string(text, part->words);
        color_end(text, color && part->is_trouble);
        is_first = false;
    }
}

static void append_overall(struct text *text, const struct progress *progress, unsigned columns, bool color)
{
    struct parts parts = {.count = 0};
    double share = share_done(progress);
    unsigned left;

    make_parts(&parts, progress);
    left = choose_parts(&parts, columns);
    if (share >= 0 && left >= BAR_MINIMUM)
        append_bar(text, share, left, color);
    append_parts(text, &parts, color);
    text_append_byte(text, '\n');
}

static void append_share(struct text *text, const struct progress_transfer *transfer)
{
    double share = transfer->size > 0 ? (double)transfer->came / (double)transfer->size : -1;

    if (share < 0)
        text_append_string(text, "      ");
    else
        text_append_format(text, "  %3u%%", share < 1 ? (unsigned)(share * 100) : 100);
}

static void append_padded(struct text *text, const struct text *words, unsigned columns)
{
    for (size_t length = words->length; length < columns; length++)
        text_append_byte(text, ' ');
    text_append(text, text_slice(words));
}

static void append_transfer(struct text *text, const struct progress_transfer *transfer, unsigned columns)
{
    CLEANUP(text_release) struct text line = {0}, words = {0}, name = {0};

    append_share(&line, transfer);
    quantity_append_size(&words, (uint64_t)transfer->came);
    append_padded(&line, &words, 12);
    text_clear(&words);
    text_append_format(&words, "%lld s", (long long)(transfer->took / NANOSECONDS_PER_SECOND));
    append_padded(&line, &words, 8);
    text_append_string(&line, "  ");
    if (columns < line.length + NAME_MINIMUM) { /* the name alone */
        text_clear(&line);
        text_append_string(&line, "  ");
    }
    redact_url(&name, slice_of(transfer->name));
    if (columns > line.length) {
        text_append(text, text_slice(&line));
        shown_append_cut(text, text_slice(&name), columns - (unsigned)line.length);
    }
    text_append_byte(text, '\n');
}

void progress_append_block(struct text *text, const struct progress *progress, unsigned columns, unsigned rows,
                           bool color)
{
    unsigned room = columns > 1 ? columns - 1 : 1; /* in the last column a terminal may wrap, or not */

    append_overall(text, progress, room, color);
    for (unsigned i = 0; i < progress->transfer_count && i + 1 < rows; i++)
        append_transfer(text, &progress->transfers[i], room);
}

void progress_append_sentence(struct text *text, const struct progress *progress)
{
    text_append_format(text, progress->total > 0 ? "%llu of %llu done" : "%llu done",
                       (unsigned long long)progress->done, (unsigned long long)progress->total);
    if (progress->failed > 0)
        text_append_format(text, ", %llu failed", (unsigned long long)progress->failed);
    text_append_string(text, ", ");
    append_bytes(text, progress);
    text_append_string(text, ", ");
    append_rate(text, progress);
    if (progress->left < 0)
        return;
    text_append_string(text, ", ");
    append_left(text, progress);
}

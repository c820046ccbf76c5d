/* progress.h - what a run looks like while it goes on: a model of it becomes lines for so many columns.
 *
 *     [=======>            ]  36%  720/2000  70.3 MiB  9.8 MiB/s  12 s left  3 failed
 *       45%   4.5 MiB   2.1 s  some-name.tar.gz
 *
 * Pure: no clock, no terminal.  The time left is told when it is known how much is left: the input has ended and all
 * sizes are known.
 */
#pragma once

#include <haul/base/text.h>

#include <stdbool.h>
#include <stdint.h>

#define PROGRESS_TRANSFERS 4

struct progress_transfer {
    const char *name;
    int64_t came, size, took; /* size -1: unknown; took: nanoseconds */
};

struct progress {
    uint64_t done, failed; /* jobs; those that failed are done, too */
    uint64_t total;        /* 0: not known yet */
    int64_t bytes;         /* that have come */
    int64_t bytes_total;   /* -1: unknown */
    double rate;           /* bytes a second */
    int64_t elapsed, left; /* nanoseconds; left -1: unknown */
    unsigned under_way;
    struct progress_transfer transfers[PROGRESS_TRANSFERS];
    unsigned transfer_count;
};

/* The bar, and below it as many transfers as there is room for in `rows`; each line ends in a newline and takes less
 * than `columns`. */
void progress_append_block(struct text *text, const struct progress *progress, unsigned columns, unsigned rows,
                           bool color);

/* A sentence without a newline: "720 of 2000 done, 3 failed, 70.3 MiB, 9.8 MiB/s, 12.00 s left". */
void progress_append_sentence(struct text *text, const struct progress *progress);

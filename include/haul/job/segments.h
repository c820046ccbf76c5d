/* segments.h - what is missing of a file that several connections bring.  Decides; asks nobody.
 *
 * What is missing lies in gaps, each brought by one connection at most, from its beginning on.  Who has nothing to do
 * takes a gap that nobody brings, or else the second half of the largest one, when that is worth a connection.
 */
#pragma once

#include <haul/base/slice.h>
#include <haul/base/text.h>

#include <stdbool.h>
#include <stdint.h>

#define SEGMENTS_MAXIMUM 16
#define SEGMENT_LEAST    (1024 * 1024) /* bytes; fewer are not worth a connection */

struct segment {
    int64_t at, end; /* bytes from `at` on are missing, `end` is not; the same: there is no gap */
    bool taken;
};

struct segments {
    struct segment gaps[SEGMENTS_MAXIMUM]; /* in any order; one that is taken keeps its place */
    int64_t size;                          /* of the whole */
};

void segments_init(struct segments *segments, int64_t size); /* all of it is missing */

int64_t segments_missing(const struct segments *segments); /* bytes */
int64_t segments_first(const struct segments *segments);   /* where the first gap begins; the size when there is none */

/* The place of a gap, now taken: the first that nobody brings, or half of another's, which keeps at least half of
 * SEGMENT_LEAST from where it is.  -1: there is nothing to do. */
int segments_take(struct segments *segments);

/* So many bytes have come there, no more than are missing; true: it was the last, and the place is free. */
bool segments_advance(struct segments *segments, int place, int64_t count);

/* Who has taken it does not go on: it belongs to the gap before it, if there is one, or to whoever takes it next. */
void segments_give_back(struct segments *segments, int place);

/* "0-99,200-299" appended: the first and the last byte of each gap, in order. */
void segments_print(const struct segments *segments, struct text *text);

/* That of a file of this size; false: it is not. */
bool segments_parse(struct segments *segments, struct slice text, int64_t size);

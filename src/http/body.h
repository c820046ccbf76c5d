/* body.h - a body on its way from curl's callback to a reader: one piece is filled while the other is read. */
#pragma once

#include <haul/base/slice.h>

#include <stdbool.h>
#include <stdint.h>

struct piece {
    char *bytes;
    size_t length, capacity;
};

/* Starts as all zero. */
struct body {
    struct piece pieces[2];
    unsigned filling; /* which of them */
    bool lent;        /* the other is being read */
};

void body_release(struct body *body); /* frees, ready for the next */

/* Takes the bytes, or none of them when there is no room until the reader gives back.  `left` is how many bytes the
 * body still has, these included; -1: not known. */
bool body_add(struct body *body, struct slice bytes, int64_t left);

/* Has the reader something to take?  A piece that is full; any bytes when `eager`. */
bool body_has_piece(const struct body *body, bool eager);

/* Lends the oldest piece until the next call (which takes it back); false when there is none. */
bool body_take(struct body *body, struct slice *ret_bytes);
void body_give_back(struct body *body);

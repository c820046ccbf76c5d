/* decoder.h - what an encoded body holds (RFC 9110, 8.4.1), in pieces that the reader asks for.
 *
 * libcurl could do it, but 7.88 takes a body that ends too early for a whole one, refuses several members of gzip in a
 * row (RFC 1952, 2.2), and keeps all that one buffer expands to when a transfer is paused.
 */
#pragma once

#include <haul/base/slice.h>

#include <stdbool.h>

#define DECODER_OFFER             "gzip, deflate" /* the Accept-Encoding for it */
#define DECODER_EXPANSION_FREE    (16 * 1024 * 1024)
#define DECODER_EXPANSION_MAXIMUM 100 /* bytes for each that came, beyond what is free */

enum decoding {
    DECODING_NONE,
    DECODING_GZIP,
    DECODING_DEFLATE,
    DECODING_UNKNOWN, /* not offered, or several at once */
};

/* By the value of Content-Encoding; NULL: there is none. */
enum decoding decoding_of(const char *content_encoding);

enum decoder_step {
    DECODER_PIECE,  /* of up to TRANSFER_PIECE bytes, valid until the next call */
    DECODER_HUNGRY, /* all that it was fed is used up */
    DECODER_BROKEN, /* that is no such encoding */
    DECODER_TOO_MUCH,
};

struct decoder;

/* GZIP or DEFLATE. */
struct decoder *decoder_open(enum decoding decoding, bool any_expansion);
void decoder_close(struct decoder *decoder); /* NULL is fine */

/* When it is hungry.  The bytes must stay until it is hungry again. */
void decoder_feed(struct decoder *decoder, struct slice bytes);

enum decoder_step decoder_next(struct decoder *decoder, struct slice *ret_bytes);

/* Has what was fed so far an end, and is there nothing behind it?  So it is with nothing. */
bool decoder_has_ended(const struct decoder *decoder);

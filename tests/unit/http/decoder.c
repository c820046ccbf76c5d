#include "../../../src/http/decoder.h"

#include <haul/base/memory.h>
#include <haul/base/text.h>
#include <haul/http/transfer.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define GZIP 31
#define ZLIB 15
#define RAW  (-15)

static struct text compress_as(int wrapping, const char *bytes, size_t length)
{
    z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)length};
    struct text text = {.length = 0};

    deflateInit2(&stream, 9, Z_DEFLATED, wrapping, 9, Z_DEFAULT_STRATEGY);
    text_reserve(&text, deflateBound(&stream, length));
    stream.next_out = (Bytef *)text.bytes;
    stream.avail_out = (uInt)deflateBound(&stream, length);
    cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    text.length = stream.total_out;
    deflateEnd(&stream);
    return text;
}

/* Fed in pieces of that size; the last step that was no piece. */
static enum decoder_step expand(struct decoder *decoder, struct slice bytes, size_t size, struct text *expanded)
{
    enum decoder_step step = DECODER_HUNGRY;
    struct slice piece;

    while (bytes.length > 0 && step == DECODER_HUNGRY) {
        size_t length = size < bytes.length ? size : bytes.length;

        decoder_feed(decoder, (struct slice){bytes.bytes, length});
        bytes = slice_from(bytes, length);
        while ((step = decoder_next(decoder, &piece)) == DECODER_PIECE) {
            cr_assert_leq(piece.length, TRANSFER_PIECE);
            text_append(expanded, piece);
        }
    }
    return step;
}

Test(decoder, knows_what_was_offered)
{
    cr_expect_eq(decoding_of(NULL), DECODING_NONE);
    cr_expect_eq(decoding_of("identity"), DECODING_NONE);
    cr_expect_eq(decoding_of(" GZip "), DECODING_GZIP);
    cr_expect_eq(decoding_of("x-gzip"), DECODING_GZIP);
    cr_expect_eq(decoding_of("deflate"), DECODING_DEFLATE);
    cr_expect_eq(decoding_of("br"), DECODING_UNKNOWN);
    cr_expect_eq(decoding_of("gzip, gzip"), DECODING_UNKNOWN);
}

Test(decoder, gives_back_what_was_encoded_however_it_comes)
{
    enum decoding decodings[] = {DECODING_GZIP, DECODING_DEFLATE, DECODING_DEFLATE};
    int wrappings[] = {GZIP, ZLIB, RAW};
    size_t length = 3 * TRANSFER_PIECE + 7, sizes[] = {1, 2, 1000, 100000000};
    char *bytes = memory_allocate(length);

    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(i * i >> 7);
    for (size_t i = 0; i < 3; i++) {
        struct text encoded = compress_as(wrappings[i], bytes, length);

        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            struct decoder *decoder = decoder_open(decodings[i], false);
            struct text expanded = {.length = 0};

            cr_expect_eq(expand(decoder, text_slice(&encoded), sizes[j], &expanded), DECODER_HUNGRY);
            cr_expect(decoder_has_ended(decoder));
            cr_expect(expanded.length == length && memcmp(expanded.bytes, bytes, length) == 0);
            text_release(&expanded);
            decoder_close(decoder);
        }
        text_release(&encoded);
    }
    free(bytes);
}

Test(decoder, takes_members_of_gzip_in_a_row)
{
    struct text encoded = compress_as(GZIP, "one ", 4), more = compress_as(GZIP, "two", 3), expanded = {.length = 0};
    struct decoder *decoder = decoder_open(DECODING_GZIP, false);

    text_append(&encoded, text_slice(&more));
    cr_expect_eq(expand(decoder, text_slice(&encoded), 5, &expanded), DECODER_HUNGRY);
    cr_expect(decoder_has_ended(decoder));
    cr_expect_str_eq(expanded.bytes, "one two");
    text_release(&encoded), text_release(&more), text_release(&expanded);
    decoder_close(decoder);
}

Test(decoder, takes_nothing_for_the_end_that_is_none)
{
    struct text encoded = compress_as(GZIP, "something", 9);

    for (size_t length = 0; length <= encoded.length; length++) {
        struct decoder *decoder = decoder_open(DECODING_GZIP, false);
        struct text expanded = {.length = 0};

        cr_expect_eq(expand(decoder, (struct slice){encoded.bytes, length}, 3, &expanded), DECODER_HUNGRY);
        cr_expect_eq(decoder_has_ended(decoder), length == 0 || length == encoded.length, "%zu", length);
        text_release(&expanded);
        decoder_close(decoder);
    }
    text_release(&encoded);
}

Test(decoder, refuses_what_is_broken)
{
    enum decoding decodings[] = {DECODING_GZIP, DECODING_GZIP, DECODING_GZIP, DECODING_DEFLATE, DECODING_DEFLATE};
    struct text encoded[] = {compress_as(GZIP, "something", 9), compress_as(GZIP, "something", 9),
                             compress_as(ZLIB, "something", 9), compress_as(ZLIB, "something", 9),
                             compress_as(GZIP, "something", 9)};

    text_append_string(&encoded[0], "behind");
    encoded[1].bytes[encoded[1].length - 5] ^= 1; /* of the checksum */
    text_append_string(&encoded[3], "behind");
    for (size_t i = 0; i < sizeof encoded / sizeof *encoded; i++) {
        struct decoder *decoder = decoder_open(decodings[i], false);
        struct text expanded = {.length = 0};

        cr_expect_eq(expand(decoder, text_slice(&encoded[i]), 1000, &expanded), DECODER_BROKEN, "%zu", i);
        text_release(&expanded), text_release(&encoded[i]);
        decoder_close(decoder);
    }
}

Test(decoder, stops_at_a_hundredfold_unless_told_otherwise)
{
    size_t length = 2 * DECODER_EXPANSION_FREE;
    char *zeros = memory_allocate(length);
    struct text encoded = compress_as(GZIP, zeros, length);

    for (int any = 0; any <= 1; any++) {
        struct decoder *decoder = decoder_open(DECODING_GZIP, any);
        struct text expanded = {.length = 0};

        cr_expect_eq(expand(decoder, text_slice(&encoded), 100000, &expanded), any ? DECODER_HUNGRY : DECODER_TOO_MUCH);
        cr_expect(any ? expanded.length == length : expanded.length <= DECODER_EXPANSION_FREE);
        text_release(&expanded);
        decoder_close(decoder);
    }
    text_release(&encoded);
    free(zeros);
}

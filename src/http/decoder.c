#define ZLIB_CONST
#include "decoder.h"

#include <haul/base/memory.h>
#include <haul/http/transfer.h>

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#define FIRST_CAPACITY (16 * 1024)

/* For inflateInit2(3). */
#define WRAPPED_AS_GZIP (16 + MAX_WBITS)
#define WRAPPED_AS_ZLIB MAX_WBITS
#define NOT_WRAPPED     (-MAX_WBITS)

struct decoder {
    enum decoding decoding;
    bool any_expansion;
    bool begun, ended; /* a member of it */
    z_stream stream;
    int64_t consumed, produced;
    char *bytes; /* the piece */
    size_t length, capacity;
};

enum decoding decoding_of(const char *content_encoding)
{
    struct slice name = slice_trim(slice_of(content_encoding));

    if (name.length == 0 || slice_equal_ignoring_case(name, SLICE("identity")))
        return DECODING_NONE;
    if (slice_equal_ignoring_case(name, SLICE("gzip")) || slice_equal_ignoring_case(name, SLICE("x-gzip")))
        return DECODING_GZIP;
    return slice_equal_ignoring_case(name, SLICE("deflate")) ? DECODING_DEFLATE : DECODING_UNKNOWN;
}

struct decoder *decoder_open(enum decoding decoding, bool any_expansion)
{
    struct decoder *decoder = memory_allocate(sizeof *decoder);

    decoder->decoding = decoding;
    decoder->any_expansion = any_expansion;
    if (inflateInit2(&decoder->stream, WRAPPED_AS_GZIP) != Z_OK)
        memory_exhausted(0);
    return decoder;
}

void decoder_close(struct decoder *decoder)
{
    if (!decoder)
        return;
    inflateEnd(&decoder->stream);
    free(decoder->bytes);
    free(decoder);
}

void decoder_feed(struct decoder *decoder, struct slice bytes)
{
    decoder->stream.next_in = (const Bytef *)bytes.bytes;
    decoder->stream.avail_in = (uInt)bytes.length;
}

/* "deflate" is to be wrapped as zlib does it; some servers leave that out, and no encoder begins so then. */
static int wrapping(const struct decoder *decoder)
{
    if (decoder->decoding == DECODING_GZIP)
        return WRAPPED_AS_GZIP;
    return (decoder->stream.next_in[0] & 0x0f) == Z_DEFLATED ? WRAPPED_AS_ZLIB : NOT_WRAPPED;
}

static bool begin_member(struct decoder *decoder)
{
    if (decoder->ended && decoder->decoding != DECODING_GZIP)
        return false;
    decoder->begun = true;
    decoder->ended = false;
    return inflateReset2(&decoder->stream, wrapping(decoder)) == Z_OK;
}

static bool make_room(struct decoder *decoder)
{
    if (decoder->length < decoder->capacity)
        return true;
    if (decoder->capacity == TRANSFER_PIECE)
        return false;
    decoder->capacity = decoder->capacity > 0 ? 2 * decoder->capacity : FIRST_CAPACITY;
    decoder->bytes = memory_resize(decoder->bytes, decoder->capacity);
    return true;
}

/* False when it is broken. */
static bool expand(struct decoder *decoder)
{
    z_stream *stream = &decoder->stream;
    uInt before = stream->avail_in;
    int result;

    stream->next_out = (Bytef *)decoder->bytes + decoder->length;
    stream->avail_out = (uInt)(decoder->capacity - decoder->length);
    result = inflate(stream, Z_NO_FLUSH);
    decoder->produced += (int64_t)(decoder->capacity - decoder->length - stream->avail_out);
    decoder->length = decoder->capacity - stream->avail_out;
    decoder->consumed += before - stream->avail_in;
    decoder->ended = result == Z_STREAM_END;
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}

static bool is_too_much(const struct decoder *decoder)
{
    return !decoder->any_expansion && decoder->produced > DECODER_EXPANSION_FREE &&
           decoder->produced / DECODER_EXPANSION_MAXIMUM > decoder->consumed;
}

enum decoder_step decoder_next(struct decoder *decoder, struct slice *ret_bytes)
{
    decoder->length = 0;
    while (make_room(decoder)) {
        if (decoder->stream.avail_in > 0 && (!decoder->begun || decoder->ended) && !begin_member(decoder))
            return DECODER_BROKEN;
        if (!decoder->begun || decoder->ended)
            break;
        if (!expand(decoder))
            return DECODER_BROKEN;
        if (is_too_much(decoder))
            return DECODER_TOO_MUCH;
        if (decoder->stream.avail_in == 0 && decoder->length < decoder->capacity)
            break;
    }
    *ret_bytes = (struct slice){decoder->bytes, decoder->length};
    return decoder->length > 0 ? DECODER_PIECE : DECODER_HUNGRY;
}

bool decoder_has_ended(const struct decoder *decoder)
{
    return decoder->stream.avail_in == 0 && (decoder->ended || !decoder->begun);
}

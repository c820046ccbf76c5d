#include "unpack.h"

#include <haul/base/memory.h>
#include <haul/base/slice.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#define PACKED_SIZE       (64 * 1024)
#define POLL_MILLISECONDS 100 /* how long a cancel may have to wait */
#define WINDOW_LOG        23  /* of UNPACK_WINDOW_MAXIMUM */
#define GZIP_ONLY         (15 + 16)
#define GZIP_MAGIC        SLICE("\x1f\x8b")
#define ZSTD_MAGIC        SLICE("\x28\xb5\x2f\xfd")

struct unpack {
    int fd;
    enum { KIND_UNKNOWN, KIND_PLAIN, KIND_GZIP, KIND_ZSTD } kind;
    bool ended;         /* the file */
    bool within;        /* something that has not ended */
    size_t next, count; /* of what was read and is not unpacked */
    z_stream gzip;
    ZSTD_DStream *zstd;
    char packed[PACKED_SIZE];
};

struct unpack *unpack_open(int fd)
{
    struct unpack *unpack = memory_allocate(sizeof *unpack);

    unpack->fd = fd;
    return unpack;
}

void unpack_close(struct unpack *unpack)
{
    if (!unpack)
        return;
    if (unpack->kind == KIND_GZIP)
        inflateEnd(&unpack->gzip);
    ZSTD_freeDStream(unpack->zstd);
    free(unpack);
}

/* A silent pipe is watched in short spells, to hear of a cancel. */
static int read_some(const struct unpack *unpack, char *bytes, size_t size, const struct co_token *token)
{
    while (!co_token_cancelled(token)) {
        struct pollfd wanted = {.fd = unpack->fd, .events = POLLIN};
        int ready = poll(&wanted, 1, POLL_MILLISECONDS);
        ssize_t count = ready > 0 ? read(unpack->fd, bytes, size) : ready;

        if (ready > 0 && count >= 0)
            return (int)count;
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return -errno;
    }
    return -ECANCELED;
}

static struct slice packed_of(const struct unpack *unpack)
{
    return (struct slice){unpack->packed + unpack->next, unpack->count - unpack->next};
}

/* More behind what there is; what was unpacked goes. */
static int read_packed(struct unpack *unpack, const struct co_token *token)
{
    int count;

    memmove(unpack->packed, unpack->packed + unpack->next, unpack->count - unpack->next);
    unpack->count -= unpack->next;
    unpack->next = 0;
    count = read_some(unpack, unpack->packed + unpack->count, sizeof unpack->packed - unpack->count, token);
    if (count < 0)
        return count;
    unpack->ended = count == 0;
    unpack->count += (size_t)count;
    return 0;
}

/* Can be either, as far as it has come. */
static bool may_begin_with(struct slice packed, struct slice magic)
{
    if (packed.length < magic.length)
        magic.length = packed.length;
    return slice_starts_with(packed, magic);
}

static bool is_certain(const struct unpack *unpack)
{
    struct slice packed = packed_of(unpack);

    if (unpack->ended || packed.length >= ZSTD_MAGIC.length)
        return true;
    return packed.length > 0 && !may_begin_with(packed, GZIP_MAGIC) && !may_begin_with(packed, ZSTD_MAGIC);
}

static int find_kind(struct unpack *unpack, const struct co_token *token)
{
    while (!is_certain(unpack)) {
        int result = read_packed(unpack, token);

        if (result < 0)
            return result;
    }
    unpack->kind = KIND_PLAIN;
    if (slice_starts_with(packed_of(unpack), GZIP_MAGIC)) {
        if (inflateInit2(&unpack->gzip, GZIP_ONLY) != Z_OK)
            return -ENOMEM;
        unpack->kind = KIND_GZIP;
    } else if (slice_starts_with(packed_of(unpack), ZSTD_MAGIC)) {
        unpack->zstd = ZSTD_createDStream();
        if (!unpack->zstd)
            return -ENOMEM;
        ZSTD_DCtx_setParameter(unpack->zstd, ZSTD_d_windowLogMax, WINDOW_LOG);
        unpack->kind = KIND_ZSTD;
    }
    return 0;
}

/* Zeros behind a member are padding, as for gzip(1). */
static void skip_padding(struct unpack *unpack)
{
    while (unpack->kind == KIND_GZIP && !unpack->within && unpack->next < unpack->count &&
           unpack->packed[unpack->next] == '\0')
        unpack->next++;
}

/* The number of bytes that came out, maybe none yet. */
static int unpack_gzip(struct unpack *unpack, char *bytes, size_t size)
{
    z_stream *gzip = &unpack->gzip;
    int result;

    gzip->next_in = (unsigned char *)unpack->packed + unpack->next;
    gzip->avail_in = (unsigned)(unpack->count - unpack->next);
    gzip->next_out = (unsigned char *)bytes;
    gzip->avail_out = (unsigned)size;
    result = inflate(gzip, Z_NO_FLUSH);
    unpack->next = unpack->count - gzip->avail_in;
    unpack->within = result != Z_STREAM_END;
    if (result == Z_STREAM_END)
        inflateReset(gzip);
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return -EBADMSG;
    return (int)(size - gzip->avail_out);
}

static int unpack_zstd(struct unpack *unpack, char *bytes, size_t size)
{
    ZSTD_inBuffer in = {unpack->packed, unpack->count, unpack->next};
    ZSTD_outBuffer out = {bytes, size, 0};
    size_t result = ZSTD_decompressStream(unpack->zstd, &out, &in);

    if (ZSTD_isError(result))
        return ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge ? -ENOTSUP : -EBADMSG;
    unpack->next = in.pos;
    unpack->within = result != 0;
    return (int)out.pos;
}

static int take_plain(struct unpack *unpack, char *bytes, size_t size)
{
    struct slice packed = packed_of(unpack);
    size_t count = packed.length < size ? packed.length : size;

    memcpy(bytes, packed.bytes, count);
    unpack->next += count;
    return (int)count;
}

static int unpack_some(struct unpack *unpack, char *bytes, size_t size)
{
    int count = unpack->kind == KIND_GZIP ? unpack_gzip(unpack, bytes, size) : unpack_zstd(unpack, bytes, size);

    if (count == 0 && unpack->ended && unpack->within)
        return -ENODATA;
    return count;
}

int unpack_read(struct unpack *unpack, char *bytes, size_t size, const struct co_token *token)
{
    int result = unpack->kind == KIND_UNKNOWN ? find_kind(unpack, token) : 0;

    if (result == 0 && unpack->kind == KIND_PLAIN)
        return unpack->next < unpack->count ? take_plain(unpack, bytes, size) : read_some(unpack, bytes, size, token);
    while (result == 0) {
        int count;

        skip_padding(unpack);
        count = unpack->next < unpack->count || unpack->within ? unpack_some(unpack, bytes, size) : 0;

        if (count != 0)
            return count;
        if (unpack->ended)
            return 0;
        if (unpack->next == unpack->count)
            result = read_packed(unpack, token);
    }
    return result;
}

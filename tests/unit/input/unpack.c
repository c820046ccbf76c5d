#include "../../../src/input/unpack.h"

#include <haul/base/text.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define LONG (300 * 1024)
#define BOMB (64 * 1024 * 1024)

static void append_gzip(struct text *packed, struct slice bytes)
{
    z_stream stream = {.next_in = (unsigned char *)bytes.bytes, .avail_in = (unsigned)bytes.length};

    cr_assert_eq(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
    text_reserve(packed, deflateBound(&stream, bytes.length));
    stream.next_out = (unsigned char *)packed->bytes + packed->length;
    stream.avail_out = (unsigned)(packed->capacity - packed->length);
    cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed->length += stream.total_out;
    deflateEnd(&stream);
}

static void append_zstd_with_window(struct text *packed, struct slice bytes, int window_log)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_inBuffer in = {bytes.bytes, bytes.length, 0};
    ZSTD_outBuffer out = {.size = ZSTD_compressBound(bytes.length)};

    text_reserve(packed, out.size);
    out.dst = packed->bytes + packed->length;
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    cr_assert_eq(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end), 0);
    packed->length += out.pos;
    ZSTD_freeCCtx(context);
}

static void append_zstd(struct text *packed, struct slice bytes)
{
    append_zstd_with_window(packed, bytes, 0);
}

static void (*const packers[])(struct text *packed, struct slice bytes) = {append_gzip, append_zstd};
#define EACH_PACKER(i) for (size_t i = 0; i < sizeof packers / sizeof *packers; i++)

static struct unpack *open_bytes(struct slice bytes, int *ret_fd)
{
    int fd = memfd_create("packed", MFD_CLOEXEC);

    cr_assert_eq(write(fd, bytes.bytes, bytes.length), (ssize_t)bytes.length);
    cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
    *ret_fd = fd;
    return unpack_open(fd);
}

/* 0 at the end, or what went wrong; what came before is appended. */
static int unpack_all(struct slice packed, size_t at_once, struct text *ret_bytes)
{
    int fd, count;
    struct unpack *unpack = open_bytes(packed, &fd);

    do {
        text_reserve(ret_bytes, at_once);
        count = unpack_read(unpack, ret_bytes->bytes + ret_bytes->length, at_once, NULL);
        cr_assert_leq(count, (int)at_once);
        ret_bytes->length += count > 0 ? (size_t)count : 0;
    } while (count > 0);
    unpack_close(unpack);
    close(fd);
    return count;
}

static void assert_unpacked(struct slice packed, struct slice expected)
{
    static const size_t sizes[] = {1, 7, 64 * 1024};

    for (size_t i = expected.length > 1000; i < sizeof sizes / sizeof *sizes; i++) {
        CLEANUP(text_release) struct text bytes = {0};

        cr_expect_eq(unpack_all(packed, sizes[i], &bytes), 0);
        cr_expect(slice_equal(text_slice(&bytes), expected));
    }
}

static void assert_error(struct slice packed, int expected)
{
    CLEANUP(text_release) struct text bytes = {0};

    cr_expect_eq(unpack_all(packed, 4096, &bytes), expected, "%zu bytes", packed.length);
}

static void append_noise(struct text *text, size_t size)
{
    srandom(3);
    while (size-- > 0)
        text_append_byte(text, (char)(random() >> 8));
}

Test(unpack, gives_what_is_not_packed_as_it_is)
{
    assert_unpacked(SLICE(""), SLICE(""));
    assert_unpacked(SLICE("a\0b"), SLICE("a\0b"));
    assert_unpacked(SLICE("\x1f"), SLICE("\x1f"));
    assert_unpacked(SLICE("\x28\xb5\x2f"), SLICE("\x28\xb5\x2f"));
    assert_unpacked(SLICE("\0\0\x1f\x8b"), SLICE("\0\0\x1f\x8b"));
}

Test(unpack, gives_what_was_packed)
{
    EACH_PACKER(i)
    {
        CLEANUP(text_release) struct text bytes = {0}, empty = {0}, packed = {0};

        append_noise(&bytes, LONG);
        packers[i](&packed, text_slice(&bytes));
        packers[i](&empty, SLICE(""));
        assert_unpacked(text_slice(&packed), text_slice(&bytes));
        assert_unpacked(text_slice(&empty), SLICE(""));
    }
}

Test(unpack, takes_several_one_behind_another_for_one)
{
    EACH_PACKER(i)
    {
        CLEANUP(text_release) struct text packed = {0};

        packers[i](&packed, SLICE("one "));
        packers[i](&packed, SLICE(""));
        packers[i](&packed, SLICE("two"));
        assert_unpacked(text_slice(&packed), SLICE("one two"));
    }
}

Test(unpack, passes_over_zeros_behind_a_member_of_gzip)
{
    CLEANUP(text_release) struct text packed = {0};

    append_gzip(&packed, SLICE("one"));
    for (size_t i = 0; i < LONG; i++)
        text_append_byte(&packed, '\0');
    assert_unpacked(text_slice(&packed), SLICE("one"));
    append_gzip(&packed, SLICE(" two"));
    assert_unpacked(text_slice(&packed), SLICE("one two"));
    text_append_byte(&packed, '\0');
    text_append_byte(&packed, 'x');
    assert_error(text_slice(&packed), -ENODATA);
    text_append_string(&packed, "yz");
    assert_error(text_slice(&packed), -EBADMSG);
}

Test(unpack, refuses_what_stands_behind)
{
    EACH_PACKER(i)
    {
        CLEANUP(text_release) struct text packed = {0};

        packers[i](&packed, SLICE("one"));
        text_append_string(&packed, "garbage");
        assert_error(text_slice(&packed), -EBADMSG);
    }
}

Test(unpack, misses_the_end_wherever_it_was_cut)
{
    EACH_PACKER(i)
    {
        CLEANUP(text_release) struct text packed = {0};

        packers[i](&packed, SLICE("some words, some words, some other words"));
        for (size_t length = 4; length < packed.length; length++)
            assert_error((struct slice){packed.bytes, length}, -ENODATA);
    }
}

Test(unpack, notices_every_byte_that_is_another)
{
    EACH_PACKER(i)
    {
        CLEANUP(text_release) struct text noise = {0}, packed = {0};

        append_noise(&noise, 60);
        packers[i](&packed, text_slice(&noise));
        for (size_t at = i == 0 ? 10 : 4; at < packed.length; at++) { /* the head of gzip has bytes that mean nothing */
            CLEANUP(text_release) struct text bytes = {0};

            packed.bytes[at] ^= 0x41;
            cr_expect(unpack_all(text_slice(&packed), 4096, &bytes) < 0, "packer %zu, byte %zu", i, at);
            packed.bytes[at] ^= 0x41;
        }
    }
}

Test(unpack, gives_no_more_at_once_of_a_bomb_than_was_asked_for)
{
    char *zeros = calloc(1, BOMB);

    EACH_PACKER(i)
    {
        CLEANUP(text_release) struct text packed = {0};
        char bytes[1000];
        size_t total = 0;
        int fd, count;
        struct unpack *unpack;

        packers[i](&packed, (struct slice){zeros, BOMB});
        cr_assert_lt(packed.length, BOMB / 500);
        unpack = open_bytes(text_slice(&packed), &fd);
        while ((count = unpack_read(unpack, bytes, sizeof bytes, NULL)) > 0)
            total += (size_t)count;
        cr_assert_eq(count, 0);
        cr_assert_eq(total, BOMB);
        unpack_close(unpack);
        close(fd);
    }
    free(zeros);
}

Test(unpack, refuses_a_window_that_is_too_large)
{
    CLEANUP(text_release) struct text noise = {0}, packed = {0};

    append_noise(&noise, 2 * UNPACK_WINDOW_MAXIMUM);
    append_zstd_with_window(&packed, text_slice(&noise), 24);
    assert_error(text_slice(&packed), -ENOTSUP);
}

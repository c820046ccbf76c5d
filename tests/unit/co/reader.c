#include "connection_test.h"

#include <stdlib.h>

CONNECTION_TEST(reader, reads_lines_without_their_endings)
{
    struct slice line;

    cr_assert_eq(co_write(self, connection->near, "one\r\n\ntwo\n\r\nlast", 16), 0);
    cr_assert_eq(co_stream_shut_down(self, connection->near), 0);
    expect_line(self, connection->far, "one");
    expect_line(self, connection->far, "");
    expect_line(self, connection->far, "two");
    expect_line(self, connection->far, "");
    expect_line(self, connection->far, "last");
    cr_assert_eq(co_read_line(self, connection->far, &line), 0);
}

CONNECTION_TEST(reader, reads_bytes_that_follow_a_line)
{
    char bytes[2];

    cr_assert_eq(co_write(self, connection->near, "head\nbody", 9), 0);
    expect_line(self, connection->far, "head");
    cr_assert_eq(co_read(self, connection->far, bytes, sizeof bytes), 2);
    expect_bytes(self, connection->far, "dy");
}

CONNECTION_TEST(reader, joins_a_line_that_comes_in_pieces)
{
    struct slice line;
    struct co_scope scope;

    cr_assert_eq(co_write(self, connection->near, "first\nhalf", 10), 0);
    expect_line(self, connection->far, "first");
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(5)));
    cr_assert_eq(co_scope_end(self, &scope, co_read_line(self, connection->far, &line)), -ETIMEDOUT);
    cr_assert_eq(co_write(self, connection->near, " and half\n", 10), 0);
    expect_line(self, connection->far, "half and half");
}

static int write_long_line(struct co_task *self, struct co_stream *stream, size_t length)
{
    static char letters[CO_STREAM_BUFFER];

    memset(letters, 'a', sizeof letters);
    return co_write(self, stream, letters, length) < 0 ? -EIO : co_write(self, stream, "\n", 1);
}

CONNECTION_TEST(reader, takes_a_line_as_long_as_its_buffer)
{
    struct slice line;

    cr_assert_eq(write_long_line(self, connection->near, CO_STREAM_BUFFER - 1), 0);
    cr_assert_eq(co_read_line(self, connection->far, &line), 1);
    cr_assert_eq(line.length, CO_STREAM_BUFFER - 1);
}

CONNECTION_TEST(reader, refuses_a_line_longer_than_its_buffer)
{
    struct slice line;

    cr_assert_eq(write_long_line(self, connection->near, CO_STREAM_BUFFER), 0);
    cr_assert_eq(co_read_line(self, connection->far, &line), -EMSGSIZE);
    cr_assert_eq(co_read_line(self, connection->far, &line), -EMSGSIZE);
}

CONNECTION_TEST(reader, tells_of_a_reset)
{
    char byte;

    co_stream_reset(connection->far);
    co_stream_close(connection->far);
    connection->far = NULL;
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -ECONNRESET);
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -ECONNRESET);
    cr_assert_eq(co_write(self, connection->near, "x", 1), -EPIPE);
}

CONNECTION_TEST(reader, gives_what_came_before_a_reset)
{
    char byte;

    cr_assert_eq(co_write(self, connection->far, "before", 6), 0);
    co_stream_reset(connection->far);
    co_stream_close(connection->far);
    connection->far = NULL;
    expect_bytes(self, connection->near, "before");
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -ECONNRESET);
}

CONNECTION_TEST(reader, loses_nothing_when_a_read_is_cancelled)
{
    static char room[4 * CO_STREAM_BUFFER]; /* large enough to be filled directly */
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(5)));
    cr_assert_eq(co_scope_end(self, &scope, (int)co_read(self, connection->far, room, sizeof room)), -ETIMEDOUT);
    cr_assert_eq(co_write(self, connection->near, "later", 5), 0);
    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    cr_assert_eq(room[0], 0, "the room is no longer lent");
    expect_bytes(self, connection->far, "later");
}

static char pattern(size_t place)
{
    return (char)(place * 31 % 251);
}

static int write_pattern(struct co_task *self, void *stream)
{
    char *bytes = malloc(8 * MEGABYTE);
    int result;

    for (size_t i = 0; i < 8 * MEGABYTE; i++)
        bytes[i] = pattern(i);
    result = co_write(self, stream, bytes, 8 * MEGABYTE);
    free(bytes);
    return result < 0 ? result : co_stream_shut_down(self, stream);
}

/* Rooms below and above the size of the stream's own buffer take turns. */
CONNECTION_TEST(reader, keeps_the_order_of_bytes_whatever_the_size_of_reads)
{
    static const size_t sizes[] = {1, 3 * CO_STREAM_BUFFER, 100, CO_STREAM_BUFFER, CO_STREAM_BUFFER - 1};
    static char room[3 * CO_STREAM_BUFFER];
    struct co_group group;
    size_t place = 0;
    ssize_t count;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_assert_eq(co_spawn(self, &group, write_pattern, connection->near), 0);
    for (int turn = 0; (count = co_read(self, connection->far, room, sizes[turn % 5])) > 0; turn++)
        for (ssize_t i = 0; i < count; i++, place++)
            if (room[i] != pattern(place))
                cr_assert_fail("wrong byte at %zu", place);
    cr_assert_eq(count, 0);
    cr_assert_eq(place, 8 * MEGABYTE);
    cr_assert_eq(co_group_close(self, &group, 0), 0);
}

CONNECTION_TEST(reader, reads_exactly_as_much_as_was_asked_for_from_pieces_of_any_size)
{
    char bytes[8] = "";

    cr_assert_eq(co_write(self, connection->near, "abc", 3), 0);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, 2), 2);
    cr_assert_eq(memcmp(bytes, "ab", 2), 0);
    cr_assert_eq(co_write(self, connection->near, "def", 3), 0);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, 4), 4);
    cr_assert_eq(memcmp(bytes, "cdef", 4), 0);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, 0), 0);
}

CONNECTION_TEST(reader, gives_fewer_than_exactly_at_the_end_only)
{
    char bytes[8];

    cr_assert_eq(co_write(self, connection->near, "abc", 3), 0);
    cr_assert_eq(co_stream_shut_down(self, connection->near), 0);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, sizeof bytes), 3);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, sizeof bytes), 0);
}

CONNECTION_TEST(reader, a_cancelled_exact_read_takes_nothing)
{
    struct co_scope scope;
    char bytes[8];

    cr_assert_eq(co_write(self, connection->near, "abc", 3), 0);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(5)));
    cr_assert_eq(co_scope_end(self, &scope, (int)co_read_exactly(self, connection->far, bytes, 4)), -ETIMEDOUT);
    cr_assert_eq(co_write(self, connection->near, "d", 1), 0);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, 4), 4);
    cr_assert_eq(memcmp(bytes, "abcd", 4), 0);
}

struct numbered {
    struct co_stream *stream;
    unsigned char *bytes;
    size_t size;
};

static int write_numbered(struct co_task *self, void *argument)
{
    struct numbered *numbered = argument;

    for (size_t i = 0; i < numbered->size; i++)
        numbered->bytes[i] = (unsigned char)(i * 31 >> 3);
    return co_write(self, numbered->stream, numbered->bytes, numbered->size);
}

CONNECTION_TEST(reader, reads_exactly_more_than_its_buffer_holds)
{
    struct numbered numbered = {connection->near, malloc(MEGABYTE), MEGABYTE};
    unsigned char *bytes = malloc(MEGABYTE);
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_assert_eq(co_spawn(self, &group, write_numbered, &numbered), 0);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, MEGABYTE), (ssize_t)MEGABYTE);
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    cr_assert_eq(memcmp(bytes, numbered.bytes, MEGABYTE), 0);
    free(bytes);
    free(numbered.bytes);
}

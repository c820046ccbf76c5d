#include "connection.h"

#include <haul/base/slice.h>
#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MEGABYTE ((size_t)1024 * 1024)

/* Each test has a task, `self`, and a connection. */
#define CONNECTION_TEST(name)                                                                                          \
    static void name(struct co_task *self, struct connection *connection);                                             \
    static int run_##name(struct co_task *self, void *unused)                                                          \
    {                                                                                                                  \
        struct connection connection = connection_open(self);                                                          \
                                                                                                                       \
        (void)unused;                                                                                                  \
        name(self, &connection);                                                                                       \
        connection_close(&connection);                                                                                 \
        return 0;                                                                                                      \
    }                                                                                                                  \
    Test(stream, name)                                                                                                 \
    {                                                                                                                  \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
    }                                                                                                                  \
    static void name(struct co_task *self, struct connection *connection)

static void expect_line(struct co_task *self, struct co_stream *stream, const char *expected)
{
    struct slice line = {NULL, 0};

    cr_assert_eq(co_read_line(self, stream, &line), 1);
    cr_assert(slice_equal(line, slice_of(expected)), "got '" SLICE_FORMAT "'", SLICE_ARGUMENT(line));
}

static void expect_bytes(struct co_task *self, struct co_stream *stream, const char *expected)
{
    char bytes[64];
    ssize_t count = co_read(self, stream, bytes, sizeof bytes);

    cr_assert_eq(count, (ssize_t)strlen(expected), "got %zd", count);
    cr_assert_eq(memcmp(bytes, expected, (size_t)count), 0);
}

CONNECTION_TEST(carries_bytes_both_ways)
{
    cr_assert_eq(co_write(self, connection->near, "there", 5), 0);
    expect_bytes(self, connection->far, "there");
    cr_assert_eq(co_write(self, connection->far, "and back", 8), 0);
    expect_bytes(self, connection->near, "and back");
}

CONNECTION_TEST(reads_lines_without_their_endings)
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

CONNECTION_TEST(reads_bytes_that_follow_a_line)
{
    char bytes[2];

    cr_assert_eq(co_write(self, connection->near, "head\nbody", 9), 0);
    expect_line(self, connection->far, "head");
    cr_assert_eq(co_read(self, connection->far, bytes, sizeof bytes), 2);
    expect_bytes(self, connection->far, "dy");
}

CONNECTION_TEST(joins_a_line_that_comes_in_pieces)
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

CONNECTION_TEST(takes_a_line_as_long_as_its_buffer)
{
    struct slice line;

    cr_assert_eq(write_long_line(self, connection->near, CO_STREAM_BUFFER - 1), 0);
    cr_assert_eq(co_read_line(self, connection->far, &line), 1);
    cr_assert_eq(line.length, CO_STREAM_BUFFER - 1);
}

CONNECTION_TEST(refuses_a_line_longer_than_its_buffer)
{
    struct slice line;

    cr_assert_eq(write_long_line(self, connection->near, CO_STREAM_BUFFER), 0);
    cr_assert_eq(co_read_line(self, connection->far, &line), -EMSGSIZE);
    cr_assert_eq(co_read_line(self, connection->far, &line), -EMSGSIZE);
}

CONNECTION_TEST(goes_on_writing_after_the_peer_has_shut_down)
{
    char byte;

    cr_assert_eq(co_stream_shut_down(self, connection->near), 0);
    cr_assert_eq(co_read(self, connection->far, &byte, 1), 0);
    cr_assert_eq(co_read(self, connection->far, &byte, 1), 0);
    cr_assert_eq(co_write(self, connection->far, "still", 5), 0);
    expect_bytes(self, connection->near, "still");
    cr_assert_eq(co_write(self, connection->near, "x", 1), -EPIPE);
}

CONNECTION_TEST(tells_of_a_reset)
{
    char byte;

    co_stream_reset(connection->far);
    co_stream_close(connection->far);
    connection->far = NULL;
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -ECONNRESET);
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -ECONNRESET);
    cr_assert_eq(co_write(self, connection->near, "x", 1), -EPIPE);
}

CONNECTION_TEST(gives_what_came_before_a_reset)
{
    char byte;

    cr_assert_eq(co_write(self, connection->far, "before", 6), 0);
    co_stream_reset(connection->far);
    co_stream_close(connection->far);
    connection->far = NULL;
    expect_bytes(self, connection->near, "before");
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -ECONNRESET);
}

static int read_one(struct co_task *self, void *stream)
{
    char byte;

    return (int)co_read(self, stream, &byte, 1);
}

CONNECTION_TEST(loses_nothing_when_a_read_is_cancelled)
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

CONNECTION_TEST(does_nothing_for_a_cancelled_task)
{
    struct co_scope scope;
    struct slice line;
    char byte;

    cr_assert_eq(co_write(self, connection->far, "kept\n", 5), 0);
    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -ECANCELED);
    cr_assert_eq(co_read_line(self, connection->near, &line), -ECANCELED);
    cr_assert_eq(co_write(self, connection->near, "x", 1), -ECANCELED);
    cr_assert_eq(co_stream_shut_down(self, connection->near), -ECANCELED);
    cr_assert_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    expect_line(self, connection->near, "kept");
    cr_assert_eq(co_write(self, connection->near, "y", 1), 0);
    expect_bytes(self, connection->far, "y");
}

static int write_too_much(struct co_task *self, void *stream)
{
    char *bytes = calloc(64, MEGABYTE);
    int result = co_write(self, stream, bytes, 64 * MEGABYTE);

    free(bytes);
    return result;
}

CONNECTION_TEST(is_closed_by_a_cancelled_write)
{
    char byte;

    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(10), write_too_much, connection->near), -ETIMEDOUT);
    cr_assert_eq(co_write(self, connection->near, "x", 1), -EPIPE);
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -EPIPE);
    cr_assert_eq(co_stream_shut_down(self, connection->near), -EPIPE);
}

CONNECTION_TEST(wakes_its_reader_when_a_cancelled_write_closes_it)
{
    struct co_group group;
    struct co_task *reader;

    co_group_open(self, &group, CO_COLLECT, 0);
    cr_assert_eq(co_spawn_named(self, &group, "reader", read_one, connection->near, &reader), 0);
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(10), write_too_much, connection->near), -ETIMEDOUT);
    cr_assert_eq(co_join(self, reader), -EPIPE);
    cr_assert_eq(co_group_close(self, &group, 0), 0);
}

static int write_until_cancelled(struct co_task *self, void *stream)
{
    int result = write_too_much(self, stream);

    co_stream_close(stream);
    return result;
}

CONNECTION_TEST(may_be_closed_as_soon_as_a_cancelled_write_returns)
{
    struct co_stream *near = connection->near;

    connection->near = NULL;
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(10), write_until_cancelled, near), -ETIMEDOUT);
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
CONNECTION_TEST(keeps_the_order_of_bytes_whatever_the_size_of_reads)
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

static int connect_to_nobody(struct co_task *self, void *unused)
{
    struct co_listener *listener = listen_anywhere(self);
    struct co_stream *stream = NULL;
    int port = co_listener_port(listener);

    (void)unused;
    co_listener_close(listener);
    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(1)), 0);
    cr_assert_eq(co_connect(self, LOOPBACK, port, &stream), -ECONNREFUSED);
    cr_assert_eq(co_connect(self, "localhost", port, &stream), -EINVAL);
    cr_assert_eq(co_connect(self, LOOPBACK, 65536, &stream), -EINVAL);
    cr_assert_eq(co_connect(self, LOOPBACK, 0, &stream), -EINVAL);
    cr_assert_eq(co_connect_address(self, &(struct sockaddr){.sa_family = AF_UNIX}, &stream), -EINVAL);
    cr_assert_null(stream);
    return 0;
}

Test(stream, is_refused_where_nobody_listens)
{
    cr_assert_eq(co_run(connect_to_nobody, NULL, NULL), 0);
}

#define CONNECTIONS_TRIED 16

/* A listener whose backlog is full drops the packets of those who come, as a host that is down would. */
static int connect_to_the_deaf(struct co_task *self, void *unused)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof where;
    struct co_stream *streams[CONNECTIONS_TRIED] = {NULL};
    int fd = socket(AF_INET, SOCK_STREAM, 0), result = 0;

    (void)unused;
    cr_assert_eq(bind(fd, (struct sockaddr *)&where, size), 0);
    cr_assert_eq(listen(fd, 0), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&where, &size), 0);
    for (int i = 0; i < CONNECTIONS_TRIED && result == 0; i++) {
        struct co_scope scope;

        co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(20)));
        result = co_scope_end(self, &scope, co_connect(self, LOOPBACK, ntohs(where.sin_port), &streams[i]));
    }
    cr_assert_eq(result, -ETIMEDOUT);
    for (int i = 0; i < CONNECTIONS_TRIED; i++)
        co_stream_close(streams[i]);
    close(fd);
    return 0;
}

Test(stream, gives_up_connecting_when_cancelled)
{
    cr_assert_eq(co_run(connect_to_the_deaf, NULL, NULL), 0);
}

static int wait_for_ever_beside_a_stream(struct co_task *self, void *unused)
{
    struct connection connection = connection_open(self);
    struct co_event never;

    (void)unused;
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(1), read_one, connection.near), -ETIMEDOUT);
    co_event_init(&never);
    cr_assert_eq(co_event_wait(self, &never), -ECANCELED);
    connection_close(&connection);
    return 0;
}

Test(stream, does_not_hide_a_deadlock_while_idle)
{
    cr_assert_eq(co_run(wait_for_ever_beside_a_stream, NULL, NULL), -EDEADLK);
}

CONNECTION_TEST(reads_exactly_as_much_as_was_asked_for_from_pieces_of_any_size)
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

CONNECTION_TEST(gives_fewer_than_exactly_at_the_end_only)
{
    char bytes[8];

    cr_assert_eq(co_write(self, connection->near, "abc", 3), 0);
    cr_assert_eq(co_stream_shut_down(self, connection->near), 0);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, sizeof bytes), 3);
    cr_assert_eq(co_read_exactly(self, connection->far, bytes, sizeof bytes), 0);
}

CONNECTION_TEST(a_cancelled_exact_read_takes_nothing)
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

CONNECTION_TEST(reads_exactly_more_than_its_buffer_holds)
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

static int writes_a_megabyte(struct co_task *self, void *stream)
{
    char *bytes = calloc(16, MEGABYTE);
    int result = co_write(self, stream, bytes, 16 * MEGABYTE);

    free(bytes);
    return result;
}

CONNECTION_TEST(makes_a_writer_wait_for_a_peer_that_does_not_read)
{
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(30), writes_a_megabyte, connection->near), -ETIMEDOUT);
}

CONNECTION_TEST(closed_gracefully_lets_the_peer_read_all_although_bytes_of_it_were_not_read)
{
    cr_assert_eq(co_write(self, connection->near, "unread", 6), 0);
    cr_assert_eq(co_write(self, connection->far, "goodbye", 7), 0);
    co_sleep(self, CO_MILLISECONDS(5));
    co_stream_close_gracefully(self, connection->far, CO_MILLISECONDS(20));
    connection->far = NULL;
    expect_bytes(self, connection->near, "goodbye");
}

CONNECTION_TEST(closing_gracefully_waits_no_longer_than_told_and_not_for_a_peer_that_has_ended)
{
    int64_t begun = co_now();

    co_stream_close_gracefully(self, connection->near, CO_MILLISECONDS(10));
    connection->near = NULL;
    cr_assert_geq(co_now() - begun, CO_MILLISECONDS(10));
    co_stream_close_gracefully(self, connection->far, CO_SECONDS(60));
    connection->far = NULL;
    co_stream_close_gracefully(self, NULL, CO_SECONDS(60));
    cr_assert_lt(co_now() - begun, CO_SECONDS(30));
}

CONNECTION_TEST(closing_gracefully_is_not_cancelled_and_resets_at_once_if_told_to)
{
    struct co_scope scope;
    char byte;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    co_stream_reset(connection->far);
    co_stream_close_gracefully(self, connection->far, CO_SECONDS(60));
    connection->far = NULL;
    cr_assert_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -ECONNRESET);
}

static void is_no_signal(int number)
{
    (void)number;
}

static int opens_a_connection(struct co_task *self, void *unused)
{
    struct connection connection = connection_open(self);

    (void)unused;
    connection_close(&connection);
    co_stream_close(NULL);
    return 0;
}

static sighandler_t sigpipe_after_connecting(sighandler_t before)
{
    signal(SIGPIPE, before);
    cr_assert_eq(co_run(opens_a_connection, NULL, NULL), 0);
    return signal(SIGPIPE, SIG_DFL);
}

Test(stream, makes_the_process_ignore_sigpipe_unless_it_had_something_in_mind_for_it)
{
    cr_assert_eq(sigpipe_after_connecting(SIG_DFL), SIG_IGN);
    cr_assert_eq(sigpipe_after_connecting(is_no_signal), is_no_signal);
}

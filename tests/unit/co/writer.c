#include "connection_test.h"

#include <stdlib.h>

CONNECTION_TEST(writer, goes_on_writing_after_the_peer_has_shut_down)
{
    char byte;

    cr_assert_eq(co_stream_shut_down(self, connection->near), 0);
    cr_assert_eq(co_read(self, connection->far, &byte, 1), 0);
    cr_assert_eq(co_read(self, connection->far, &byte, 1), 0);
    cr_assert_eq(co_write(self, connection->far, "still", 5), 0);
    expect_bytes(self, connection->near, "still");
    cr_assert_eq(co_write(self, connection->near, "x", 1), -EPIPE);
}

static int write_too_much(struct co_task *self, void *stream)
{
    char *bytes = calloc(64, MEGABYTE);
    int result = co_write(self, stream, bytes, 64 * MEGABYTE);

    free(bytes);
    return result;
}

CONNECTION_TEST(writer, is_closed_by_a_cancelled_write)
{
    char byte;

    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(10), write_too_much, connection->near), -ETIMEDOUT);
    cr_assert_eq(co_write(self, connection->near, "x", 1), -EPIPE);
    cr_assert_eq(co_read(self, connection->near, &byte, 1), -EPIPE);
    cr_assert_eq(co_stream_shut_down(self, connection->near), -EPIPE);
}

static int read_one(struct co_task *self, void *stream)
{
    char byte;

    return (int)co_read(self, stream, &byte, 1);
}

CONNECTION_TEST(writer, wakes_its_reader_when_a_cancelled_write_closes_it)
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

CONNECTION_TEST(writer, may_be_closed_as_soon_as_a_cancelled_write_returns)
{
    struct co_stream *near = connection->near;

    connection->near = NULL;
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(10), write_until_cancelled, near), -ETIMEDOUT);
}

static int writes_a_megabyte(struct co_task *self, void *stream)
{
    char *bytes = calloc(16, MEGABYTE);
    int result = co_write(self, stream, bytes, 16 * MEGABYTE);

    free(bytes);
    return result;
}

CONNECTION_TEST(writer, makes_a_writer_wait_for_a_peer_that_does_not_read)
{
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(30), writes_a_megabyte, connection->near), -ETIMEDOUT);
}

CONNECTION_TEST(writer, shuts_down_once)
{
    cr_assert_eq(co_stream_shut_down(self, connection->near), 0);
    cr_assert_eq(co_stream_shut_down(self, connection->near), -ENOTCONN);
}

static int shut_down(struct co_task *self, void *stream)
{
    return co_stream_shut_down(self, stream);
}

CONNECTION_TEST(writer, is_closed_by_a_cancelled_shutting_down)
{
    struct co_group group;
    struct co_task *task;

    co_group_open(self, &group, CO_COLLECT, 0);
    cr_assert_eq(co_spawn_named(self, &group, NULL, shut_down, connection->near, &task), 0);
    cr_assert_eq(co_yield_now(self), 0);
    co_cancel(task);
    cr_assert_eq(co_join(self, task), -ECANCELED);
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    cr_assert_eq(co_write(self, connection->near, "x", 1), -EPIPE);
    cr_assert_eq(co_stream_shut_down(self, connection->near), -EPIPE);
}

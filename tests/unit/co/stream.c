#include "connection_test.h"
#include "../../../src/co/tcp.h"

#include <haul/co/event.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>

CONNECTION_TEST(stream, carries_bytes_both_ways)
{
    cr_assert_eq(co_write(self, connection->near, "there", 5), 0);
    expect_bytes(self, connection->far, "there");
    cr_assert_eq(co_write(self, connection->far, "and back", 8), 0);
    expect_bytes(self, connection->near, "and back");
}

CONNECTION_TEST(stream, does_nothing_for_a_cancelled_task)
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

static int read_one(struct co_task *self, void *stream)
{
    char byte;

    return (int)co_read(self, stream, &byte, 1);
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

CONNECTION_TEST(stream, closed_gracefully_lets_the_peer_read_all_although_bytes_of_it_were_not_read)
{
    cr_assert_eq(co_write(self, connection->near, "unread", 6), 0);
    cr_assert_eq(co_write(self, connection->far, "goodbye", 7), 0);
    co_sleep(self, CO_MILLISECONDS(5));
    co_stream_close_gracefully(self, connection->far, CO_MILLISECONDS(20));
    connection->far = NULL;
    expect_bytes(self, connection->near, "goodbye");
}

CONNECTION_TEST(stream, closing_gracefully_waits_no_longer_than_told_and_not_for_a_peer_that_has_ended)
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

CONNECTION_TEST(stream, closing_gracefully_is_not_cancelled_and_resets_at_once_if_told_to)
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

static int nodelay_of(struct co_stream *stream)
{
    uv_os_fd_t fd;
    int on = -1;
    socklen_t size = sizeof on;

    cr_assert_eq(uv_fileno((uv_handle_t *)stream_handle(stream), &fd), 0);
    cr_assert_eq(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
    return on;
}

CONNECTION_TEST(stream, sends_without_delay_at_both_ends)
{
    (void)self;
    cr_assert_eq(nodelay_of(connection->near), 1);
    cr_assert_eq(nodelay_of(connection->far), 1);
}

/* connection.h - both ends of a connection over loopback. */
#pragma once

#include <haul/co/stream.h>

#include <criterion/criterion.h>

#define LOOPBACK "127.0.0.1"

static inline struct co_listener *listen_anywhere(struct co_task *self)
{
    struct co_listener *listener = NULL;

    cr_assert_eq(co_listen(co_task_runtime(self), LOOPBACK, 0, 16, &listener), 0);
    return listener;
}

struct connection {
    struct co_stream *near, *far;
};

static inline struct connection connection_open(struct co_task *self)
{
    struct co_listener *listener = listen_anywhere(self);
    struct connection connection;

    cr_assert_eq(co_connect(self, LOOPBACK, co_listener_port(listener), &connection.near), 0);
    cr_assert_eq(co_accept(self, listener, &connection.far), 0);
    co_listener_close(listener);
    return connection;
}

static inline void connection_close(struct connection *connection)
{
    co_stream_close(connection->near);
    co_stream_close(connection->far);
}

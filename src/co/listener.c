#include "tcp.h"

#include <netinet/in.h>
#include <stdlib.h>

struct acceptor {
    struct co_waiter waiter;
    struct co_stream *stream;
};

struct co_listener {
    uv_tcp_t handle;
    struct co_runtime *runtime;
    struct list acceptors;
    bool pending; /* libuv holds one connection that nobody has asked for, and takes no other until then */
};

static int take_pending(struct co_listener *listener, struct co_stream **ret_stream)
{
    struct co_stream *stream = stream_open(listener->runtime);
    int result;

    listener->pending = !stream;
    if (!stream)
        return -ENOMEM;
    result = uv_accept((uv_stream_t *)&listener->handle, stream_handle(stream));
    if (result < 0) {
        co_stream_close(stream);
        return result;
    }
    stream_connected(stream);
    *ret_stream = stream;
    return 0;
}

/* A failure that nobody waits to hear of comes again with the next connection. */
static void on_connection(uv_stream_t *handle, int status)
{
    struct co_listener *listener = handle->data;
    struct acceptor *acceptor;

    if (list_is_empty(&listener->acceptors)) {
        listener->pending = status == 0;
        return;
    }
    acceptor = LIST_MEMBER(listener->acceptors.next, struct acceptor, waiter.link);
    if (status == 0)
        status = take_pending(listener, &acceptor->stream);
    co_wake(&acceptor->waiter, status);
}

static int listen_at(struct co_listener *listener, const char *address, int port, int backlog)
{
    struct sockaddr_storage where;
    int result = tcp_address(address, port, &where);

    if (result == 0)
        result = uv_tcp_bind(&listener->handle, (struct sockaddr *)&where, 0);
    if (result == 0)
        result = uv_listen((uv_stream_t *)&listener->handle, backlog, on_connection);
    return result;
}

int co_listen(struct co_runtime *runtime, const char *address, int port, int backlog, struct co_listener **ret_listener)
{
    struct co_listener *listener = malloc(sizeof *listener);
    int result;

    if (!listener)
        return -ENOMEM;
    result = uv_tcp_init(runtime->loop, &listener->handle);
    if (result < 0) {
        free(listener);
        return result;
    }
    tcp_ignore_broken_pipes();
    listener->handle.data = listener;
    uv_unref((uv_handle_t *)&listener->handle);
    listener->runtime = runtime;
    list_init(&listener->acceptors);
    listener->pending = false;
    result = listen_at(listener, address, port, backlog);
    if (result < 0)
        co_listener_close(listener);
    else
        *ret_listener = listener;
    return result;
}

int co_listener_port(const struct co_listener *listener)
{
    struct sockaddr_storage where;
    int size = sizeof where;

    if (uv_tcp_getsockname(&listener->handle, (struct sockaddr *)&where, &size) < 0)
        return 0;
    if (where.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&where)->sin6_port);
    return ntohs(((struct sockaddr_in *)&where)->sin_port);
}

/* The handle keeps the loop alive only while a task waits: otherwise it would hide a deadlock. */
static int wait_for_connection(struct co_task *self, struct co_listener *listener, struct co_stream **ret_stream)
{
    struct acceptor acceptor = {.stream = NULL};
    int result;

    co_waiter_init(&acceptor.waiter, self, "a connection", co_abort_now);
    list_append(&listener->acceptors, &acceptor.waiter.link);
    uv_ref((uv_handle_t *)&listener->handle);
    result = co_park(self, &acceptor.waiter);
    if (list_is_empty(&listener->acceptors))
        uv_unref((uv_handle_t *)&listener->handle);
    if (result == 0)
        *ret_stream = acceptor.stream;
    return result;
}

int co_accept(struct co_task *self, struct co_listener *listener, struct co_stream **ret_stream)
{
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (!listener->pending)
        return wait_for_connection(self, listener, ret_stream);
    result = take_pending(listener, ret_stream);
    co_completed_at_once(self);
    return result;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void co_listener_close(struct co_listener *listener)
{
    if (!listener)
        return;
    assert(list_is_empty(&listener->acceptors));
    uv_close((uv_handle_t *)&listener->handle, on_closed);
}

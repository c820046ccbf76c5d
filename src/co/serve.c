#include "scheduler.h"

#include <haul/co/semaphore.h>
#include <haul/co/serve.h>

#include <limits.h>
#include <stdlib.h>

#define PAUSE_WHEN_SHORT CO_MILLISECONDS(100)

struct server {
    struct co_listener *listener;
    co_handler *handler;
    void *argument;
    struct co_group group;
    struct co_semaphore room; /* taken before a connection is: those too many wait in the kernel */
};

struct connection {
    struct server *server;
    struct co_stream *stream;
};

static int serve_connection(struct co_task *self, void *argument)
{
    struct connection connection = *(struct connection *)argument;
    struct server *server = connection.server;

    free(argument);
    server->handler(self, connection.stream, server->argument);
    co_stream_close_gracefully(self, connection.stream, CO_SERVE_PATIENCE);
    co_semaphore_release(&server->room);
    return 0;
}

/* 0 or less; what it fails with is of the moment, except -ECANCELED. */
static int start_serving(struct co_task *self, struct server *server, struct co_stream *stream)
{
    struct connection *connection = malloc(sizeof *connection);
    int result = -ENOMEM;

    if (connection) {
        *connection = (struct connection){server, stream};
        result = co_spawn_named(self, &server->group, "connection", serve_connection, connection, NULL);
    }
    if (result < 0) {
        free(connection);
        co_stream_close(stream);
        co_semaphore_release(&server->room);
    }
    return result;
}

static bool is_shortage(int result)
{
    return result == -EMFILE || result == -ENFILE || result == -ENOMEM || result == -ENOBUFS;
}

static int serve_next(struct co_task *self, struct server *server)
{
    struct co_stream *stream;
    int result = co_semaphore_acquire(self, &server->room);

    if (result < 0)
        return result;
    result = co_accept(self, server->listener, &stream);
    if (result == 0)
        return start_serving(self, server, stream);
    co_semaphore_release(&server->room);
    return result == -ECONNABORTED ? 0 : result;
}

static int serve_all(struct co_task *self, struct server *server)
{
    for (;;) {
        int result = serve_next(self, server);

        if (is_shortage(result))
            result = co_sleep(self, PAUSE_WHEN_SHORT);
        if (result < 0)
            return result;
    }
}

int co_serve(struct co_task *self, struct co_listener *listener, co_handler *handler, void *argument, unsigned limit)
{
    struct server server = {.listener = listener, .handler = handler, .argument = argument};
    int result;

    co_semaphore_init(&server.room, limit > 0 ? limit : UINT_MAX);
    co_group_open(self, &server.group, CO_COLLECT, 0);
    result = serve_all(self, &server);
    co_group_cancel(&server.group);
    co_group_close(self, &server.group, 0);
    return result;
}

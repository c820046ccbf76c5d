/* origin - an HTTP/1.1 server for tests: each path behaves in one way, well or badly (exchange.c lists them).
 *
 *     origin [--root DIR] [--port N] [--port-file FILE]
 */
#include "exchange.h"

#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/signal.h>
#include <haul/co/timer.h>

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define ADDRESS            "127.0.0.1"
#define BACKLOG            16384
#define PAUSE_WHEN_REFUSED CO_MILLISECONDS(10)

struct options {
    const char *root, *port_file;
    int port;
};

struct server {
    struct origin origin;
    struct options options;
    struct co_listener *listener;
    struct co_group *group;
};

struct connection {
    struct origin *origin;
    struct co_stream *stream;
};

static int refuse(struct co_task *self, struct reply *reply, int result)
{
    reply->close = true;
    reply_text(self, reply, result == -EMSGSIZE ? 431 : 400, SLICE("that is no request\n"));
    return reply_flush(self, reply) < 0 ? reply->result : 0;
}

static void answer(struct co_task *self, struct exchange *exchange)
{
    struct origin *origin = exchange->origin;

    if (++origin->in_flight > origin->most_in_flight)
        origin->most_in_flight = origin->in_flight;
    exchange_answer(self, exchange);
    reply_flush(self, &exchange->reply);
    origin->in_flight--;
    origin->requests++;
}

/* 1 while the connection goes on. */
static int serve_request(struct co_task *self, const struct connection *connection, struct request *request)
{
    struct exchange exchange = {.origin = connection->origin, .request = request};
    int result = request_read(self, connection->stream, request);

    exchange.reply.stream = connection->stream;
    if (result == -EBADMSG || result == -EMSGSIZE)
        return refuse(self, &exchange.reply, result);
    if (result <= 0)
        return result;
    result = request_skip_body(self, connection->stream, request);
    if (result < 0)
        return result;
    exchange.reply.head_only = slice_equal(request->method, SLICE("HEAD"));
    exchange.reply.old = request->old;
    exchange.reply.close = !request->keep_alive;
    answer(self, &exchange);
    return exchange.reply.result == 0 && !exchange.reply.close;
}

static int serve_connection(struct co_task *self, void *argument)
{
    struct connection *connection = argument;
    struct request request;

    while (serve_request(self, connection, &request) > 0)
        continue;
    co_stream_close(connection->stream);
    free(connection);
    return 0;
}

static int begin_connection(struct co_task *self, struct server *server, struct co_stream *stream)
{
    struct connection *connection = malloc(sizeof *connection);
    int result = -ENOMEM;

    if (connection) {
        *connection = (struct connection){.origin = &server->origin, .stream = stream};
        result = co_spawn(self, server->group, serve_connection, connection);
    }
    if (result < 0) {
        co_stream_close(stream);
        free(connection);
        return result;
    }
    server->origin.connections++;
    return 0;
}

static int accept_connections(struct co_task *self, void *argument)
{
    struct server *server = argument;
    int result = 0;

    while (result != -ECANCELED) {
        struct co_stream *stream;

        result = co_accept(self, server->listener, &stream);
        if (result == 0)
            result = begin_connection(self, server, stream);
        if (result < 0 && result != -ECANCELED)
            result = co_sleep(self, PAUSE_WHEN_REFUSED);
    }
    return result;
}

static int end_on_signal(struct co_task *self, struct server *server, int number)
{
    struct co_signal *signal;
    int result = co_signal_open(co_task_runtime(self), number, &signal);

    if (result < 0)
        return result;
    result = co_signal_wait(self, signal);
    co_signal_close(signal);
    co_group_cancel(server->group);
    return result;
}

static int end_on_interrupt(struct co_task *self, void *server)
{
    return end_on_signal(self, server, SIGINT);
}

static int end_on_terminate(struct co_task *self, void *server)
{
    return end_on_signal(self, server, SIGTERM);
}

static int write_port_file(const char *path, int port)
{
    char temporary[4096];
    FILE *file;

    snprintf(temporary, sizeof temporary, "%s.new", path);
    file = fopen(temporary, "w");
    if (!file)
        return -errno;
    fprintf(file, "%d\n", port);
    if (fclose(file) != 0 || rename(temporary, path) < 0)
        return -errno;
    return 0;
}

static int announce(const struct server *server)
{
    int port = co_listener_port(server->listener);
    int result = server->options.port_file ? write_port_file(server->options.port_file, port) : 0;

    printf("listening on " ADDRESS ":%d\n", port);
    fflush(stdout);
    return result;
}

static int serve(struct co_task *self, struct server *server)
{
    struct co_group group;
    int result;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    server->group = &group;
    result = co_spawn(self, &group, accept_connections, server);
    if (result == 0)
        result = co_spawn(self, &group, end_on_interrupt, server);
    if (result == 0)
        result = co_spawn(self, &group, end_on_terminate, server);
    if (result == 0)
        result = co_yield_now(self); /* the signals are watched before anybody knows of this server */
    if (result == 0)
        result = announce(server);
    return co_group_close(self, &group, result);
}

static int run(struct co_task *self, void *argument)
{
    struct server *server = argument;
    int result = co_listen(co_task_runtime(self), ADDRESS, server->options.port, BACKLOG, &server->listener);

    if (result < 0)
        return result;
    result = serve(self, server);
    co_listener_close(server->listener);
    return result;
}

static bool parse_options(int count, char **arguments, struct options *ret_options)
{
    static const struct option known[] = {
        {"root", required_argument, NULL, 'r'},
        {"port", required_argument, NULL, 'p'},
        {"port-file", required_argument, NULL, 'f'},
        {NULL, 0, NULL, 0},
    };
    int letter;

    while ((letter = getopt_long(count, arguments, "", known, NULL)) != -1) {
        if (letter == 'r')
            ret_options->root = optarg;
        else if (letter == 'p')
            ret_options->port = atoi(optarg);
        else if (letter == 'f')
            ret_options->port_file = optarg;
        else
            return false;
    }
    return optind == count;
}

static void allow_many_connections(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void fill_pattern(char *pattern)
{
    for (size_t i = 0; i < PATTERN_SIZE; i++)
        pattern[i] = (char)((i * 31 + 7) % PATTERN_PERIOD);
}

int main(int count, char **arguments)
{
    struct server *server = calloc(1, sizeof *server);
    int result;

    if (!server || !parse_options(count, arguments, &server->options)) {
        fprintf(stderr, "usage: origin [--root DIR] [--port N] [--port-file FILE]\n");
        free(server);
        return 2;
    }
    server->origin.root = server->options.root;
    fill_pattern(server->origin.pattern);
    allow_many_connections();
    result = co_run(run, server, NULL);
    if (result < 0)
        fprintf(stderr, "origin: %s\n", co_error_text(result));
    free(server);
    return result < 0;
}

#include "connection.h"
#include "run.h"

#include <haul/co/resolve.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

/* What the resolver knows: "many.test" has these, in this order. */
static const char *const *known;
static int look_ups;

/* Of the attempts, "4" or "6" each, in their order. */
static char families[64];
static bool binds_to_where_it_connects; /* so that a socket meets itself */

typedef int resolver(const char *, const char *, const struct addrinfo *, struct addrinfo **);
typedef int connector(int, const struct sockaddr *, socklen_t);

/* Stand before the system's. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **ret_addresses)
{
    resolver *next = (resolver *)dlsym(RTLD_NEXT, "getaddrinfo");

    look_ups++;
    if (!host || strcmp(host, "many.test") != 0)
        return EAI_NONAME;
    for (const char *const *address = known; *address; address++) {
        if (next(*address, service, hints, ret_addresses) != 0)
            abort();
        while (*ret_addresses)
            ret_addresses = &(*ret_addresses)->ai_next;
    }
    return 0;
}

int connect(int fd, const struct sockaddr *address, socklen_t size)
{
    connector *next = (connector *)dlsym(RTLD_NEXT, "connect");

    if (address->sa_family == AF_INET || address->sa_family == AF_INET6)
        strcat(families, address->sa_family == AF_INET6 ? "6" : "4");
    if (binds_to_where_it_connects)
        bind(fd, address, size);
    return next(fd, address, size);
}

#define KNOWN(...)                                                                                                     \
    known = (const char *const[])                                                                                      \
    {                                                                                                                  \
        __VA_ARGS__, NULL                                                                                              \
    }

static int free_port(struct co_task *self)
{
    struct co_listener *listener = listen_anywhere(self);
    int port = co_listener_port(listener);

    co_listener_close(listener);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(1)), 0);
    return port;
}

static void expect_peer(const struct co_stream *stream, int port)
{
    struct sockaddr_storage address;
    char text[CO_ADDRESS_TEXT], expected[CO_ADDRESS_TEXT];

    snprintf(expected, sizeof expected, LOOPBACK ":%d", port);
    cr_expect_eq(co_stream_peer(stream, &address), 0);
    cr_expect_str_eq(co_address_text(&address, text), expected);
}

/* Listens at 127.0.0.2 and answers nobody any more: its backlog is full. */
struct silence {
    int listener, clients[3];
};

static struct silence silence_open(int port)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    struct silence silence = {.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};

    inet_pton(AF_INET, "127.0.0.2", &where.sin_addr);
    cr_expect_eq(bind(silence.listener, (struct sockaddr *)&where, sizeof where), 0);
    cr_expect_eq(listen(silence.listener, 0), 0);
    for (int i = 0; i < 3; i++) {
        silence.clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        connect(silence.clients[i], (struct sockaddr *)&where, sizeof where);
    }
    families[0] = '\0';
    return silence;
}

static void silence_close(struct silence *silence)
{
    for (int i = 0; i < 3; i++)
        close(silence->clients[i]);
    close(silence->listener);
}

CO_TEST(connect, by_name_goes_on_at_once_when_an_address_refuses)
{
    struct co_listener *listener = listen_anywhere(self);
    struct co_stream *stream = NULL;
    int64_t start = co_now();

    KNOWN("127.0.0.3", LOOPBACK);
    cr_expect_eq(co_connect_name(self, "many.test", co_listener_port(listener), &stream), 0);
    cr_expect_lt(co_now() - start, CO_CONNECT_DELAY);
    expect_peer(stream, co_listener_port(listener));
    co_stream_close(stream);
    co_listener_close(listener);
}

CO_TEST(connect, by_name_does_not_wait_for_a_silent_address)
{
    struct co_listener *listener = listen_anywhere(self);
    struct silence silence = silence_open(co_listener_port(listener));
    struct co_stream *stream = NULL;
    int64_t start = co_now();

    KNOWN("127.0.0.2", LOOPBACK);
    cr_expect_eq(co_connect_name(self, "many.test", co_listener_port(listener), &stream), 0);
    cr_expect_geq(co_now() - start, CO_CONNECT_DELAY);
    expect_peer(stream, co_listener_port(listener));
    cr_expect_str_eq(families, "44");
    co_stream_close(stream);
    co_listener_close(listener);
    silence_close(&silence);
}

static int connect_to_many(struct co_task *self, void *port)
{
    struct co_stream *stream = NULL;
    int result = co_connect_name(self, "many.test", *(int *)port, &stream);

    cr_expect_null(stream);
    return result;
}

CO_TEST(connect, by_name_can_be_cancelled)
{
    int port = free_port(self);
    struct silence silence = silence_open(port);
    struct co_statistics statistics;

    KNOWN("127.0.0.2", "127.0.0.2");
    cr_expect_eq(co_timeout(self, CO_CONNECT_DELAY + CO_MILLISECONDS(50), connect_to_many, &port), -ETIMEDOUT);
    cr_expect_str_eq(families, "44");
    co_runtime_statistics(co_task_runtime(self), &statistics);
    cr_expect_eq(statistics.live, 1);
    silence_close(&silence);
}

CO_TEST(connect, by_name_tells_of_the_first_address_when_none_answers)
{
    int port = free_port(self);

    KNOWN("127.0.0.3", "127.0.0.4");
    cr_expect_eq(connect_to_many(self, &port), -ECONNREFUSED);
    cr_expect_str_eq(families, "44");
}

static bool has_ipv6(struct co_task *self)
{
    struct co_listener *listener = NULL;
    int result = co_listen(co_task_runtime(self), "::1", 0, 1, &listener);

    co_listener_close(listener);
    return result == 0;
}

CO_TEST(connect, by_name_takes_the_families_in_turns)
{
    int port = free_port(self);

    if (!has_ipv6(self))
        return;
    KNOWN("::1", "::1", "::1", "127.0.0.3", "127.0.0.4");
    cr_expect_eq(connect_to_many(self, &port), -ECONNREFUSED);
    cr_expect_str_eq(families, "64646");
    families[0] = '\0';
    KNOWN("127.0.0.3", "127.0.0.4", "::1");
    cr_expect_eq(connect_to_many(self, &port), -ECONNREFUSED);
    cr_expect_str_eq(families, "464");
}

CO_TEST(connect, by_name_tries_a_bounded_number_of_addresses)
{
    const char *addresses[CO_CONNECT_ADDRESSES + 5] = {NULL};
    int port = free_port(self);

    for (int i = 0; i < CO_CONNECT_ADDRESSES + 4; i++)
        addresses[i] = "127.0.0.3";
    known = addresses;
    cr_expect_eq(connect_to_many(self, &port), -ECONNREFUSED);
    cr_expect_eq(strlen(families), CO_CONNECT_ADDRESSES);
}

CO_TEST(connect, by_name_looks_no_address_up)
{
    struct co_listener *listener = listen_anywhere(self);
    struct co_stream *stream = NULL;

    cr_expect_eq(co_connect_name(self, LOOPBACK, co_listener_port(listener), &stream), 0);
    cr_expect_eq(look_ups, 0);
    co_stream_close(stream);
    co_listener_close(listener);
}

CO_TEST(connect, by_name_tells_a_wrong_name_from_a_wrong_port)
{
    struct co_stream *stream = NULL;

    cr_expect_eq(co_connect_name(self, "nobody.test", 80, &stream), UV_EAI_NONAME);
    cr_expect_eq(co_connect_name(self, "", 80, &stream), -EINVAL);
    cr_expect_eq(co_connect_name(self, "many.test", 0, &stream), -EINVAL);
    cr_expect_eq(co_connect_name(self, "many.test", 65536, &stream), -EINVAL);
    cr_expect_eq(co_connect_name(self, LOOPBACK, -1, &stream), -EINVAL);
    cr_expect_eq(co_connect_name(self, LOOPBACK, 0, &stream), -EINVAL);
    cr_expect_null(stream);
}

CO_TEST(connect, refuses_a_connection_to_itself)
{
    struct co_stream *stream = NULL;
    int port = free_port(self);

    binds_to_where_it_connects = true;
    cr_expect_eq(co_connect(self, LOOPBACK, port, &stream), -ECONNREFUSED);
    cr_expect_null(stream);
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

Test(connect, is_refused_where_nobody_listens)
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

Test(connect, gives_up_when_cancelled)
{
    cr_assert_eq(co_run(connect_to_the_deaf, NULL, NULL), 0);
}

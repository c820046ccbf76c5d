/* Usage: delay_server MILLISECONDS BYTES
 *
 * Answers every request on a free port of the loopback, which it prints, with BYTES bytes MILLISECONDS after it came.
 * It belongs to nobody that is measured, and answers some 100,000 requests a second from ten thousand connections.
 *
 * Requests have no body and come whole: one that is cut by a segment boundary ends the connection.  As the delay is
 * the same for all, answers wait in the order of their requests. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAXIMUM 65536
#define WAITING_MAXIMUM     65536 /* a power of two */
#define EVENTS_AT_ONCE      512

struct answer {
    int64_t due;
    int connection;
    uint32_t generation; /* of the connection when it asked: a later one may have its number */
};

struct server {
    int listener;
    int epoll;
    int64_t delay;
    char *reply;
    size_t reply_length;
    uint32_t generations[CONNECTIONS_MAXIMUM];
    struct answer waiting[WAITING_MAXIMUM];
    size_t first, end; /* of those waiting, counted from the beginning of time */
};

static void fail(const char *what)
{
    fprintf(stderr, "delay_server: cannot %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void watch(struct server *server, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        fail("watch a connection");
}

static void listen_anywhere(struct server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, length) < 0 ||
        listen(server->listener, CONNECTIONS_MAXIMUM) < 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &length) < 0)
        fail("listen");
    printf("%d\n", ntohs(address.sin_port));
    if (fflush(stdout) != 0)
        fail("print the port");
}

static void accept_all(struct server *server)
{
    int one = 1;
    int connection;

    while ((connection = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (connection >= CONNECTIONS_MAXIMUM) {
            close(connection);
            continue;
        }
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        server->generations[connection]++;
        watch(server, connection);
    }
    if (errno != EAGAIN && errno != ECONNABORTED)
        fail("accept a connection");
}

static void drop(struct server *server, int connection)
{
    server->generations[connection]++;
    close(connection);
}

static void queue_answer(struct server *server, int connection)
{
    if (server->end - server->first == WAITING_MAXIMUM) {
        drop(server, connection);
        return;
    }
    server->waiting[server->end++ % WAITING_MAXIMUM] =
        (struct answer){now() + server->delay, connection, server->generations[connection]};
}

static bool ends_whole(const char *bytes, size_t length)
{
    return length >= 4 && memcmp(bytes + length - 4, "\r\n\r\n", 4) == 0;
}

static void read_requests(struct server *server, int connection)
{
    char bytes[16384];
    ssize_t count = read(connection, bytes, sizeof bytes);
    const char *next = bytes;
    const char *end;

    if (count < 0 && errno == EAGAIN)
        return;
    if (count <= 0 || !ends_whole(bytes, (size_t)count)) {
        drop(server, connection);
        return;
    }
    while ((end = memmem(next, (size_t)(bytes + count - next), "\r\n\r\n", 4)) != NULL) {
        queue_answer(server, connection);
        next = end + 4;
    }
}

static void answer_those_due(struct server *server)
{
    int64_t time = now();

    for (; server->first != server->end; server->first++) {
        const struct answer *answer = &server->waiting[server->first % WAITING_MAXIMUM];

        if (answer->due > time)
            return;
        if (answer->generation != server->generations[answer->connection])
            continue;
        if (write(answer->connection, server->reply, server->reply_length) != (ssize_t)server->reply_length)
            drop(server, answer->connection);
    }
}

/* Until something comes or an answer is due; forever when nothing waits. */
static int wait_for_events(struct server *server, struct epoll_event *events)
{
    struct timespec timeout = {0};
    int64_t left;

    if (server->first == server->end)
        return epoll_pwait2(server->epoll, events, EVENTS_AT_ONCE, NULL, NULL);
    left = server->waiting[server->first % WAITING_MAXIMUM].due - now();
    if (left > 0)
        timeout = (struct timespec){left / 1000000000, left % 1000000000};
    return epoll_pwait2(server->epoll, events, EVENTS_AT_ONCE, &timeout, NULL);
}

static void serve(struct server *server)
{
    struct epoll_event events[EVENTS_AT_ONCE];

    for (;;) {
        int count = wait_for_events(server, events);

        if (count < 0 && errno != EINTR)
            fail("wait");
        for (int i = 0; i < count; i++)
            if (events[i].data.fd == server->listener)
                accept_all(server);
            else
                read_requests(server, events[i].data.fd);
        answer_those_due(server);
    }
}

static void prepare_reply(struct server *server, int body)
{
    int head = asprintf(&server->reply, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%*s", body, body, "");

    if (head < 0)
        fail("prepare the reply");
    server->reply_length = (size_t)head;
    memset(server->reply + head - body, 'x', (size_t)body);
}

static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("ask for the limit of descriptors");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        fail("raise the limit of descriptors");
}

int main(int argc, char **argv)
{
    static struct server server;

    if (argc != 3) {
        fprintf(stderr, "usage: delay_server MILLISECONDS BYTES\n");
        return EXIT_FAILURE;
    }
    server.delay = atol(argv[1]) * 1000000;
    prepare_reply(&server, atoi(argv[2]));
    raise_descriptors();
    server.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (server.epoll < 0)
        fail("open epoll");
    listen_anywhere(&server);
    watch(&server, server.listener);
    serve(&server);
}

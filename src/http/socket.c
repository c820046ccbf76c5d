#include "socket.h"
#include "glance.h"
#include "shard.h"

#include <haul/base/memory.h>

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOPBACK_WINDOW     (208 * 1024) /* bytes: what Linux lets everybody have (net.core.rmem_max) */
#define LOOPBACK_ROUND_TRIP 1000         /* microseconds, as TCP_INFO tells them */

enum glance {
    GLANCE_NEEDED,
    GLANCE_EMPTY, /* there was nothing to read, a moment ago */
    GLANCE_ASKED, /* a request goes out: the loop will see the answer */
};

struct watched_socket {
    uv_poll_t poll;
    curl_socket_t fd;
    struct shard *shard;
    int watched;                 /* UV_READABLE, UV_WRITABLE: what libuv does */
    int ready;                   /* CURL_CSELECT_IN, _OUT, _ERR: what curl is to be told */
    bool idle;                   /* curl wants nothing of it now */
    uint64_t last_use;           /* the count of looks then */
    enum glance glance;          /* what is known of the next that curl takes at this one alone */
    bool ours;                   /* opened through socket_on_open: curl will tell when it closes it */
    int local_port, remote_port; /* 0: not connected yet */
    struct watched_socket *next_same_port;
    struct list unnamed_link; /* in the shard, until the ports are known */
    struct list ready_link;
};

static void on_looked(uv_check_t *check);

void socket_table_init(struct socket_table *table, struct co_runtime *runtime, bool serves_many)
{
    *table = (struct socket_table){
        .loop = co_runtime_loop(runtime),
        .after_look = memory_allocate(sizeof *table->after_look),
        .serves_many = serves_many,
    };
    list_init(&table->ready);
    list_init(&table->resting);
    uv_check_init(table->loop, table->after_look);
    uv_unref((uv_handle_t *)table->after_look);
    table->after_look->data = table;
    uv_check_start(table->after_look, on_looked);
    glance_begin(table);
}

static struct watched_socket *find(struct socket_table *table, curl_socket_t fd)
{
    return (size_t)fd < table->capacity ? table->by_descriptor[fd] : NULL;
}

static void remember(struct socket_table *table, struct watched_socket *watched)
{
    size_t needed = (size_t)watched->fd + 1, old = table->capacity;

    if (needed > old) {
        table->capacity = needed * 2;
        table->by_descriptor = memory_resize(table->by_descriptor, table->capacity * sizeof *table->by_descriptor);
        for (size_t i = old; i < table->capacity; i++)
            table->by_descriptor[i] = NULL;
    }
    table->by_descriptor[watched->fd] = watched;
}

static struct watched_socket *watch_new(struct shard *shard, curl_socket_t fd, bool ours)
{
    struct watched_socket *watched = memory_allocate(sizeof *watched);

    if (uv_poll_init_socket(shard->sockets->loop, &watched->poll, fd) < 0) {
        free(watched);
        return NULL;
    }
    watched->poll.data = watched;
    watched->fd = fd;
    watched->shard = shard;
    watched->ours = ours;
    remember(shard->sockets, watched);
    if (ours)
        list_append(&shard->unnamed_sockets, &watched->unnamed_link);
    return watched;
}

static struct watched_socket **bucket_of(struct socket_table *table, int local_port)
{
    return &table->by_local_port[local_port % SOCKET_PORT_BUCKETS];
}

static void forget_port(struct socket_table *table, struct watched_socket *watched)
{
    struct watched_socket **place = bucket_of(table, watched->local_port);

    if (watched->local_port == 0)
        return;
    while (*place != watched)
        place = &(*place)->next_same_port;
    *place = watched->next_same_port;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void on_check_closed(uv_handle_t *handle)
{
    free(handle);
}

static void unwatch(struct watched_socket *watched)
{
    struct socket_table *table = watched->shard->sockets;

    forget_port(table, watched);
    list_remove(&watched->unnamed_link);
    list_remove(&watched->ready_link);
    table->by_descriptor[watched->fd] = NULL;
    uv_close((uv_handle_t *)&watched->poll, on_closed);
}

static void on_ready(uv_poll_t *poll, int status, int events);

static void watch(struct watched_socket *watched, int events)
{
    if (watched->watched == events)
        return;
    watched->watched = events;
    uv_poll_start(&watched->poll, events, on_ready);
}

static void rest(struct watched_socket *watched)
{
    uv_poll_stop(&watched->poll);
    watched->watched = 0;
}

/* libuv stops watching a socket with an error.  curl is to read what came before it, and may need several turns. */
static void on_broken(struct watched_socket *watched)
{
    int events = watched->watched;

    watched->watched = 0;
    shard_socket_ready(watched->shard, watched->fd, CURL_CSELECT_IN | CURL_CSELECT_OUT);
    if (!watched->idle && watched->watched == 0 && !uv_is_closing((uv_handle_t *)&watched->poll))
        watch(watched, events);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watched_socket *watched = poll->data;

    if (watched->idle) { /* closed by the server, or stray bytes, or a paused transfer: look again when it is used */
        rest(watched);
        return;
    }
    watched->ready = (events & UV_READABLE ? CURL_CSELECT_IN : 0) | (events & UV_WRITABLE ? CURL_CSELECT_OUT : 0) |
                     (status < 0 ? CURL_CSELECT_ERR : 0);
    list_remove(&watched->ready_link);
    list_append(&watched->shard->sockets->ready, &watched->ready_link);
}

/* What curl read while it was told of another one may be idle now: the next look finds what is still there. */
static void tell(struct watched_socket *watched)
{
    bool is_broken = watched->ready & CURL_CSELECT_ERR;

    if (is_broken && watched->idle)
        rest(watched);
    else if (is_broken)
        on_broken(watched);
    else if (!watched->idle)
        shard_socket_ready(watched->shard, watched->fd, watched->ready);
}

static void on_looked(uv_check_t *check)
{
    struct socket_table *table = check->data;
    struct list *link;

    table->looks++;
    while ((link = list_take_first(&table->ready)))
        tell(LIST_MEMBER(link, struct watched_socket, ready_link));
    shard_end_rests(table);
}

void socket_table_release(struct socket_table *table)
{
    glance_end(table);
    for (size_t fd = 0; fd < table->capacity; fd++)
        if (table->by_descriptor[fd])
            unwatch(table->by_descriptor[fd]);
    free(table->by_descriptor);
    uv_close((uv_handle_t *)table->after_look, on_check_closed);
}

static void lose_interest(struct watched_socket *watched)
{
    if (!watched->ours) {
        unwatch(watched);
        return;
    }
    watched->idle = true;
    watched->last_use = watched->shard->sockets->looks;
    uv_unref((uv_handle_t *)&watched->poll);
    if (watched->watched & UV_WRITABLE) /* always ready */
        rest(watched);
}

int socket_on_interest(CURL *easy, curl_socket_t fd, int what, void *context, void *known)
{
    struct shard *shard = context;
    struct watched_socket *watched = find(shard->sockets, fd);
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);

    (void)easy, (void)known;
    if (what == CURL_POLL_REMOVE) {
        if (watched)
            lose_interest(watched);
        return 0;
    }
    if (!watched)
        watched = watch_new(shard, fd, false);
    if (!watched)
        return -1;
    watched->glance = GLANCE_NEEDED;
    if (watched->idle) {
        watched->idle = false;
        uv_ref((uv_handle_t *)&watched->poll);
    }
    watch(watched, events);
    return 0;
}

curl_socket_t socket_on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct shard *shard = context;
    curl_socket_t fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
    struct watched_socket *watched;

    (void)purpose;
    if (fd < 0)
        return CURL_SOCKET_BAD;
    watched = find(shard->sockets, fd);
    if (watched) /* libcurl 7.88 closes a socket that never got connected without a word */
        unwatch(watched);
    watched = watch_new(shard, fd, true);
    if (!watched) {
        close(fd);
        return CURL_SOCKET_BAD;
    }
    watched->idle = true;
    uv_unref((uv_handle_t *)&watched->poll);
    return fd;
}

int socket_on_close(void *context, curl_socket_t fd)
{
    struct shard *shard = context;
    struct watched_socket *watched = find(shard->sockets, fd);

    if (watched)
        unwatch(watched);
    return close(fd);
}

static bool is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
    return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

static int port_of(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

/* What comes over the loopback is soon there, and a large window only spreads it over more memory than the caches have:
 * four large bodies at once took a quarter longer.  Not where the loopback is made slow, to try something. */
static void limit_window(curl_socket_t fd, const struct sockaddr_storage *remote)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    int buffer = LOOPBACK_WINDOW;

    if (is_loopback(remote) && getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
        info.tcpi_rtt < LOOPBACK_ROUND_TRIP)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
}

/* A connection's ports are known only after curl has connected it: learnt at its first request. */
static void learn_ports(struct socket_table *table, struct watched_socket *watched)
{
    struct sockaddr_storage local, remote;
    socklen_t local_size = sizeof local, remote_size = sizeof remote;
    struct watched_socket **bucket;

    if (getsockname(watched->fd, (struct sockaddr *)&local, &local_size) < 0 ||
        getpeername(watched->fd, (struct sockaddr *)&remote, &remote_size) < 0)
        return;
    list_remove(&watched->unnamed_link);
    if (local.ss_family != AF_INET && local.ss_family != AF_INET6)
        return;
    if (!table->serves_many) /* buffers are large, and so may bodies be */
        limit_window(watched->fd, &remote);
    watched->local_port = port_of(&local);
    watched->remote_port = port_of(&remote);
    bucket = bucket_of(table, watched->local_port);
    watched->next_same_port = *bucket;
    *bucket = watched;
}

static void learn_all_ports(struct shard *shard)
{
    LIST_EACH_REMOVABLE (link, &shard->unnamed_sockets)
        learn_ports(shard->sockets, LIST_MEMBER(link, struct watched_socket, unnamed_link));
}

static struct watched_socket *find_by_ports(struct shard *shard, int local_port, int remote_port)
{
    struct watched_socket *watched = *bucket_of(shard->sockets, local_port);

    while (watched &&
           (watched->local_port != local_port || watched->remote_port != remote_port || watched->shard != shard))
        watched = watched->next_same_port;
    return watched;
}

/* The loop has looked since it was used last, and goes on watching. */
static bool was_empty_at_last_look(const struct watched_socket *watched)
{
    return watched->idle && watched->watched && watched->shard->sockets->looks > watched->last_use;
}

bool socket_needs_no_glance(struct socket_table *table, curl_socket_t fd)
{
    struct watched_socket *watched = find(table, fd);
    bool was_asked;

    if (!watched || !watched->watched)
        return false;
    was_asked = watched->glance == GLANCE_ASKED;
    watched->glance = GLANCE_NEEDED;
    return was_asked || (table->serves_many && was_empty_at_last_look(watched));
}

void socket_note_glance(struct socket_table *table, curl_socket_t fd, bool empty)
{
    struct watched_socket *watched = find(table, fd);

    if (watched && watched->idle)
        watched->glance = empty ? GLANCE_EMPTY : GLANCE_NEEDED;
}

/* What the server sent, or the end. */
static bool has_something(const struct watched_socket *watched)
{
    char byte;

    return recv(watched->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
}

bool socket_is_spoilt(struct shard *shard, int local_port, int remote_port, bool exactly)
{
    struct watched_socket *watched = find_by_ports(shard, local_port, remote_port);
    bool is_known, spoilt;

    if (!watched) {
        learn_all_ports(shard);
        return false;
    }
    is_known =
        watched->glance == GLANCE_EMPTY || (shard->sockets->serves_many && !exactly && was_empty_at_last_look(watched));
    spoilt = !is_known && has_something(watched);
    watched->last_use = shard->sockets->looks; /* its answer may come before curl wants to watch */
    watched->glance = GLANCE_ASKED;
    return spoilt;
}

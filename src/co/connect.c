#include "stream.h"

#include <haul/co/event.h>
#include <haul/co/resolve.h>

#include <netdb.h>
#include <stdio.h>
#include <string.h>

static void on_connected(uv_connect_t *request, int status)
{
    struct operation *operation = request->data;

    co_wake(&operation->waiter, status);
}

static int connect_to(struct co_task *self, struct co_stream *stream, const struct sockaddr *where)
{
    struct operation operation;
    uv_connect_t request = {.data = &operation};
    int result;

    operation_init(&operation, self, stream, "a connection to open");
    result = uv_tcp_connect(&request, &stream->handle.tcp, where, on_connected);
    return result < 0 ? result : co_park(self, &operation.waiter);
}

/* TCP lets a socket meet itself when the kernel happens to give it the port that it is to connect to. */
static bool is_its_own_peer(const struct co_stream *stream)
{
    struct sockaddr_storage local = {.ss_family = AF_UNSPEC}, peer = {.ss_family = AF_UNSPEC};

    return co_stream_local(stream, &local) == 0 && co_stream_peer(stream, &peer) == 0 &&
           memcmp(&local, &peer, sizeof local) == 0;
}

int co_connect_address(struct co_task *self, const struct sockaddr *address, struct co_stream **ret_stream)
{
    struct co_stream *stream;
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    stream = stream_open(self->runtime);
    if (!stream)
        return -ENOMEM;
    tcp_ignore_broken_pipes();
    result = connect_to(self, stream, address);
    if (result == 0 && is_its_own_peer(stream))
        result = -ECONNREFUSED;
    if (result < 0) {
        co_stream_close(stream);
        return result;
    }
    stream_connected(stream);
    *ret_stream = stream;
    return 0;
}

int co_connect(struct co_task *self, const char *address, int port, struct co_stream **ret_stream)
{
    struct sockaddr_storage where;
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    result = tcp_address(address, port, &where);
    if (result == 0 && port == 0)
        return -EINVAL;
    return result < 0 ? result : co_connect_address(self, (struct sockaddr *)&where, ret_stream);
}

/* Happy Eyeballs, RFC 8305: the addresses of a name are tried in the order of the system's resolver, the families in
 * turns, each when the one before has failed or has had its delay.  The first that answers wins. */
struct race {
    struct co_event news; /* an attempt has ended */
    unsigned under_way;
    struct co_stream *stream; /* the winner's */
    int failure;              /* the first */
};

struct attempt {
    struct race *race;
    const struct sockaddr *address;
};

/* Never fails: a connection that has come stays even when a cancel came in the same turn. */
static int try_address(struct co_task *self, void *argument)
{
    struct attempt *attempt = argument;
    struct race *race = attempt->race;
    struct co_stream *stream;
    int result = co_connect_address(self, attempt->address, &stream);

    race->under_way--;
    co_event_set(&race->news);
    if (result == 0 && race->stream)
        co_stream_close(stream);
    else if (result == 0)
        race->stream = stream;
    else if (race->failure == 0)
        race->failure = result;
    return 0;
}

/* Until an attempt has ended: 0; or for its delay: -ETIMEDOUT. */
static int wait_for_news(struct co_task *self, struct race *race, int64_t nanoseconds)
{
    struct co_scope delay;

    co_event_clear(&race->news);
    co_scope_begin(self, &delay, co_after(nanoseconds));
    return co_scope_end(self, &delay, co_event_wait(self, &race->news));
}

static int wait_for_turn(struct co_task *self, struct race *race)
{
    int result = wait_for_news(self, race, CO_CONNECT_DELAY);

    return result == -ETIMEDOUT ? 0 : result;
}

static int wait_for_winner(struct co_task *self, struct race *race)
{
    int result = 0;

    while (result == 0 && !race->stream && race->under_way > 0)
        result = wait_for_news(self, race, CO_FOREVER);
    return result;
}

static int start_attempt(struct co_task *self, struct co_group *group, struct attempt *attempt)
{
    int result = co_spawn_named(self, group, "connect", try_address, attempt, NULL);

    if (result == 0)
        attempt->race->under_way++;
    return result;
}

static int try_in_turn(struct co_task *self, struct race *race, struct attempt *attempts, size_t count)
{
    struct co_group group;
    int result = 0;

    co_group_open(self, &group, CO_COLLECT, 0);
    for (size_t i = 0; i < count && result == 0 && !race->stream; i++) {
        result = start_attempt(self, &group, &attempts[i]);
        if (result == 0 && i + 1 < count)
            result = wait_for_turn(self, race);
    }
    if (result == 0)
        result = wait_for_winner(self, race);
    co_group_cancel(&group);
    return co_group_close(self, &group, result);
}

static const struct addrinfo *next_of_family(const struct addrinfo *address, int family, bool same)
{
    while (address && (address->ai_family == family) != same)
        address = address->ai_next;
    return address;
}

/* The family of the first address and the others in turns, each in its own order. */
static size_t choose(const struct addrinfo *addresses, struct race *race, struct attempt attempts[])
{
    int family = addresses->ai_family;
    const struct addrinfo *next[] = {addresses, next_of_family(addresses, family, false)};
    size_t count = 0;

    for (int turn = 0; count < CO_CONNECT_ADDRESSES && (next[0] || next[1]); turn = !turn) {
        if (!next[turn])
            continue;
        attempts[count++] = (struct attempt){race, next[turn]->ai_addr};
        next[turn] = next_of_family(next[turn]->ai_next, family, turn == 0);
    }
    return count;
}

static int connect_to_one(struct co_task *self, const struct addrinfo *addresses, struct co_stream **ret_stream)
{
    struct attempt attempts[CO_CONNECT_ADDRESSES];
    struct race race = {.stream = NULL};
    int result;

    co_event_init(&race.news);
    result = try_in_turn(self, &race, attempts, choose(addresses, &race, attempts));
    if (race.stream) {
        *ret_stream = race.stream;
        return 0;
    }
    return result < 0 ? result : race.failure;
}

int co_connect_name(struct co_task *self, const char *host, int port, struct co_stream **ret_stream)
{
    struct sockaddr_storage where;
    struct addrinfo *addresses;
    char service[6];
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (port < 1 || port > 65535)
        return -EINVAL;
    if (tcp_address(host, port, &where) == 0)
        return co_connect_address(self, (struct sockaddr *)&where, ret_stream);
    snprintf(service, sizeof service, "%d", port);
    result = co_resolve(self, host, service, &addresses);
    if (result < 0)
        return result;
    result = connect_to_one(self, addresses, ret_stream);
    freeaddrinfo(addresses);
    return result;
}

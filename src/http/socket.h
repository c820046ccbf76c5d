/* socket.h - curl's sockets on the loop: the only place where libcurl and libuv meet.
 *
 * When a transfer ends, curl asks to unwatch its socket and, microseconds later, the next transfer asks to watch it
 * again; so a socket stays watched until it becomes readable with nobody interested, or is closed.  curl tells of
 * opening and closing through callbacks of its own, and a watch ends before its descriptor is watched again.
 *
 * curl is told of what is ready when the loop has looked at all: it may begin other requests then, and is to know which
 * connections have something on them that belongs to none.
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/runtime.h>

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define SOCKET_PORT_BUCKETS 4096

struct shard;
struct watched_socket;

struct socket_table {
    uv_loop_t *loop;
    struct watched_socket **by_descriptor;
    size_t capacity;
    struct list ready;      /* those that the loop has found ready, until it has looked at all */
    struct list resting;    /* transfers that have had their share (shard.h) */
    uv_check_t *after_look; /* by itself, for libuv closes it later */
    uint64_t looks;         /* of the loop, that have ended */
    bool serves_many;       /* then one look at all of them has to do, in the place of one at each before its request */
    struct watched_socket *by_local_port[SOCKET_PORT_BUCKETS];
};

void socket_table_init(struct socket_table *table, struct co_runtime *runtime, bool serves_many);
void socket_table_release(struct socket_table *table); /* all multi handles are gone, the shards are there */

/* For CURLMOPT_SOCKETFUNCTION, OPENSOCKETFUNCTION and CLOSESOCKETFUNCTION; `context` is the shard. */
int socket_on_interest(CURL *easy, curl_socket_t fd, int what, void *context, void *watched);
curl_socket_t socket_on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address);
int socket_on_close(void *context, curl_socket_t fd);

/* The connection between these ports is about to carry a request: did the server send anything on it since the last
 * answer ended, or end it?  What it sent belongs to no request, and reading it as an answer would shift all answers by
 * one.  Among many, what has come since the loop's last look is not seen, unless it is to be known exactly. */
bool socket_is_spoilt(struct shard *shard, int local_port, int remote_port, bool exactly);

/* curl is about to look whether there is something to read there (glance.h).  If it need not, it is told that there is
 * nothing; else what it finds is to be noted. */
bool socket_needs_no_glance(struct socket_table *table, curl_socket_t fd);
void socket_note_glance(struct socket_table *table, curl_socket_t fd, bool empty);

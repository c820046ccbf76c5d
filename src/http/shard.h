/* shard.h - one multi handle: its clock, its sockets, its transfers. */
#pragma once

#include "socket.h"

#include <haul/base/list.h>
#include <haul/co/timer.h>

#include <curl/curl.h>

struct http_transfer;

#define TURN_BYTES (64 * 1024)

/* libcurl reads a connection up to a hundred times while bytes keep coming, tens of megabytes, and all others wait
 * meanwhile.  So a transfer that has had its share rests, until curl has been told of all that is ready. */
struct turn {
    struct list link; /* of those that rest */
    uint64_t look;    /* of the loop, since which `taken` counts */
    int64_t taken;
};

struct shard {
    CURLM *multi;
    struct co_runtime *runtime;
    struct socket_table *sockets;
    struct list unnamed_sockets; /* opened, ports not known yet */
    struct co_timer timer;       /* when curl wants to be called */
    bool is_called;              /* curl is, right now */
    bool takes_turns;
    unsigned number;
    unsigned transfers;
};

/* At most so many connections, idle ones included.  False when libcurl gives no multi handle. */
bool shard_init(struct shard *shard, unsigned number, struct co_runtime *runtime, struct socket_table *sockets,
                unsigned connections);
void shard_release(struct shard *shard);

/* Adding starts the transfer on the loop's next turn; its end is told by transfer_on_done. */
CURLMcode shard_add(struct shard *shard, CURL *easy);
void shard_remove(struct shard *shard, CURL *easy);

void shard_socket_ready(struct shard *shard, curl_socket_t fd, int flags);

/* From a callback of curl: the transfer has taken so many bytes, and wants more. */
void shard_note_taken(struct shard *shard, struct http_transfer *transfer, size_t bytes);

/* Outside of curl: whoever rests goes on when the loop comes round again. */
void shard_end_rests(struct socket_table *sockets);

/* In transfer.c: curl is done with it, and it is out of the multi handle. */
void transfer_on_done(struct http_transfer *transfer, CURLcode code);

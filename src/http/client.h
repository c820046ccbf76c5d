/* client.h - the insides that the files of this room share. */
#pragma once

#include "cookies.h"
#include "idle.h"
#include "opening.h"
#include "resolve.h"
#include "shard.h"
#include "throttle.h"

#include <haul/http/client.h>

struct http_client {
    struct co_runtime *runtime;
    struct http_client_options options;
    struct curl_slist *headers;          /* the user's, and who asks: all */
    struct curl_slist *harmless_headers; /* those that may go to any origin */
    struct curl_slist *connect_to;
    struct curl_slist *fixed_hosts; /* which curl is to know when it looks names up itself */
    struct cookies *cookies;        /* NULL: none are kept */
    bool proxied;
    bool curl_resolves; /* or a proxy does */
    long buffer_size;
    long stall_seconds;
    struct resolver *resolver;
    struct openings openings;
    struct throttle throttle;
    struct socket_table sockets;
    struct shard *shards;
    unsigned shard_count;
    struct idle idle;
};

/* The shard for another transfer to this origin. */
struct shard *client_pick_shard(struct http_client *client, const char *origin);

/* In transfer.c: lets one go on that was over its share of bytes. */
void transfer_resume(struct throttled *throttled);

#include "client.h"
#include "redirect.h"
#include "said.h"

#include <haul/base/memory.h>
#include <haul/base/text.h>

#include <stdlib.h>

/* Received bytes wait in a buffer of each transfer's: a large one makes large bodies twice as fast, but thousands of
 * them would be most of the memory.  Small bodies, 64 at a time, gained nothing by large ones, and
 * lost up to a twentieth. */
#define BUFFER_BUDGET  (16 * 1024 * 1024)
#define BUFFER_MINIMUM (4 * 1024)
#define BUFFER_MAXIMUM (60 * 1024)
#define BUFFER_OF_FEW  (252 * 1024) /* fits into a piece of a body */
#define FEW_TRANSFERS  32           /* so few may have large buffers, and a look at a connection before each request */

const char *http_library_version(void)
{
    return curl_version();
}

static long buffer_for(unsigned concurrency)
{
    long size = BUFFER_BUDGET / (long)concurrency;

    if (concurrency <= FEW_TRANSFERS)
        return BUFFER_OF_FEW;
    if (size < BUFFER_MINIMUM)
        return BUFFER_MINIMUM;
    return size > BUFFER_MAXIMUM ? BUFFER_MAXIMUM : size;
}

/* libcurl asks the environment for each transfer anew; usually there is nothing. */
static bool environment_has_proxy(void)
{
    static const char *const names[] = {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);

        if (value && value[0])
            return true;
    }
    return false;
}

static void add_header(struct http_client *client, const char *header)
{
    client->headers = curl_slist_append(client->headers, header);
    if (redirect_keeps_header(header))
        client->harmless_headers = curl_slist_append(client->harmless_headers, header);
}

/* The agent is a header like the others: CURLOPT_USERAGENT is formatted twice for each request, which was a fiftieth of
 * the instructions for a small one. */
static void add_headers(struct http_client *client)
{
    CLEANUP(text_release) struct text agent = {0};

    for (const char *const *header = client->options.headers; header && *header; header++)
        add_header(client, *header);
    if (is_in_list(client->headers, "User-Agent") || !client->options.user_agent ||
        client->options.user_agent[0] == '\0')
        return;
    text_append_format(&agent, "User-Agent: %s", client->options.user_agent);
    add_header(client, agent.bytes);
}

static void add_connections(struct http_client *client)
{
    for (const char *const *entry = client->options.connect_to; entry && *entry; entry++)
        client->connect_to = curl_slist_append(client->connect_to, *entry);
    for (const char *const *entry = client->options.resolve; entry && *entry && client->curl_resolves; entry++)
        client->fixed_hosts = curl_slist_append(client->fixed_hosts, *entry);
}

static unsigned shards_for(const struct http_client_options *options)
{
    return (options->concurrency + CLIENT_SHARD_TRANSFERS - 1) / CLIENT_SHARD_TRANSFERS;
}

unsigned http_client_connections_each(const struct http_client_options *options)
{
    return options->doh_url ? 3 : 1;
}

/* Transfers fill the first shards, so each of several needs as many as it may have transfers. */
static unsigned connections_of_a_shard(const struct http_client_options *options)
{
    bool alone = options->concurrency <= CLIENT_SHARD_TRANSFERS;
    unsigned transfers = alone && options->few_descriptors ? options->concurrency : CLIENT_SHARD_TRANSFERS;

    return transfers * http_client_connections_each(options);
}

unsigned http_client_connections(const struct http_client_options *options)
{
    return shards_for(options) * connections_of_a_shard(options);
}

/* Whoever rests begins a new count at curl of how long a transfer has been too slow: that is right where the bytes of
 * its turn alone are enough for the whole time. */
static bool may_take_turns(const struct http_client *client)
{
    return client->stall_seconds == 0 || client->options.stall_speed <= TURN_BYTES / client->stall_seconds;
}

static bool open_shards(struct http_client *client)
{
    unsigned connections = connections_of_a_shard(&client->options);

    client->shard_count = shards_for(&client->options);
    client->shards = memory_allocate(client->shard_count * sizeof *client->shards);
    for (unsigned i = 0; i < client->shard_count; i++) {
        if (!shard_init(&client->shards[i], i, client->runtime, &client->sockets, connections))
            return false;
        client->shards[i].takes_turns = may_take_turns(client);
    }
    return true;
}

int http_client_open(struct co_runtime *runtime, const struct http_client_options *options, struct error *error,
                     struct http_client **ret_client)
{
    struct http_client *client;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail(error, ERROR_SYSTEM, 0, "libcurl does not start");
    client = memory_allocate(sizeof *client);
    client->runtime = runtime;
    client->options = *options;
    client->stall_seconds = (long)((options->stall_time + 999999999) / 1000000000);
    client->proxied = options->proxy ? options->proxy[0] != '\0' : environment_has_proxy();
    client->curl_resolves = client->proxied || options->connect_to || options->unix_socket || options->doh_url;
    throttle_init(&client->throttle, runtime, options->limit_rate, options->limit_rate_total, transfer_resume);
    client->buffer_size = throttle_portion(&client->throttle, buffer_for(options->concurrency));
    idle_init(&client->idle);
    socket_table_init(&client->sockets, runtime, options->concurrency > FEW_TRANSFERS);
    client->resolver = resolver_open(options->resolve, options->connect_timeout);
    add_headers(client);
    add_connections(client);
    if (client->proxied && options->deny_private) {
        http_client_close(client);
        return fail(error, ERROR_USAGE, 0, "'--deny-private' cannot see what a proxy connects to: '-x \"\"' is none");
    }
    if (options->keeps_cookies && !(client->cookies = cookies_open(options->cookie_lines))) {
        http_client_close(client);
        return fail(error, ERROR_SYSTEM, 0, "libcurl keeps no cookies");
    }
    if (!open_shards(client)) {
        http_client_close(client);
        return fail(error, ERROR_SYSTEM, 0, "libcurl gives no multi handle");
    }
    *ret_client = client;
    return 0;
}

void http_client_close(struct http_client *client)
{
    if (!client)
        return;
    idle_release(&client->idle);
    for (unsigned i = 0; i < client->shard_count; i++)
        shard_release(&client->shards[i]);
    socket_table_release(&client->sockets);
    throttle_release(&client->throttle);
    free(client->shards);
    resolver_close(client->resolver);
    curl_slist_free_all(client->headers);
    curl_slist_free_all(client->harmless_headers);
    curl_slist_free_all(client->connect_to);
    curl_slist_free_all(client->fixed_hosts);
    cookies_close(client->cookies);
    free(client);
    curl_global_cleanup();
}

static unsigned hash(const char *text)
{
    unsigned value = 2166136261; /* FNV-1a */

    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * 16777619;
    return value;
}

struct shard *client_pick_shard(struct http_client *client, const char *origin)
{
    unsigned home = client->shard_count > 1 ? hash(origin) % client->shard_count : 0;

    for (unsigned i = 0; i < client->shard_count; i++) {
        struct shard *shard = &client->shards[(home + i) % client->shard_count];

        if (shard->transfers < CLIENT_SHARD_TRANSFERS)
            return shard;
    }
    return &client->shards[home];
}

void http_client_write_cookies(const struct http_client *client, struct text *text)
{
    cookies_write(client->cookies, text);
}

#include "content.h"
#include "private_address.h"
#include "redirect.h"
#include "said.h"
#include "secrets.h"
#include "transfer.h"

#include <haul/co/scope.h>

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void hop_end_opening(struct http_transfer *transfer)
{
    opening_end(&transfer->client->openings, transfer->opening);
    transfer->opening = NULL;
}

static bool is_http2_at_once(const struct http_transfer *transfer)
{
    return transfer->client->options.version == HTTP_VERSION_2_AT_ONCE && strcmp(transfer->url.scheme, "http") == 0;
}

/* HTTP/2 says itself which request its bytes belong to, and TLS has things to say of its own. */
static bool can_be_spoilt(const struct http_transfer *transfer)
{
    return strcmp(transfer->url.scheme, "http") == 0 && !is_http2_at_once(transfer);
}

static int on_about_to_ask(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct http_transfer *transfer = context;

    (void)remote, (void)local;
    hop_end_opening(transfer);
    if (!can_be_spoilt(transfer))
        return CURL_PREREQFUNC_OK;
    transfer->wants_fresh_connection =
        socket_is_spoilt(transfer->shard, local_port, remote_port, !transfer_may_ask_twice(transfer));
    return transfer->wants_fresh_connection ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* What curl connects to, whichever way it came to the address. */
static curl_socket_t on_open_unless_private(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct http_transfer *transfer = context;
    const void *bytes = &((const struct sockaddr_in *)&address->addr)->sin_addr;

    if (!address_is_private(&address->addr))
        return socket_on_open(transfer->shard, purpose, address);
    if (address->family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)(const void *)&address->addr)->sin6_addr;
    transfer->denied = true;
    inet_ntop(address->family, bytes, transfer->denied_address, sizeof transfer->denied_address);
    return CURL_SOCKET_BAD;
}

/* Those that curl makes itself, for a proxy: it is not to wait for one that hangs, neither now nor at the end. */
static void set_up_look_ups(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
#endif
}

static long tls_versions(const struct http_client_options *options)
{
    long least = options->tls_minimum == HTTP_TLS_1_3 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2;
    long most = options->tls_maximum == HTTP_TLS_1_2 ? CURL_SSLVERSION_MAX_TLSv1_2 : CURL_SSLVERSION_MAX_TLSv1_3;

    return least | most;
}

static void set_up_tls(CURL *easy, const struct http_client_options *options)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, options->insecure ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, options->insecure ? 0L : 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, tls_versions(options));
    if (options->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
    if (options->ca_folder)
        curl_easy_setopt(easy, CURLOPT_CAPATH, options->ca_folder);
    if (options->pinned_key)
        curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, options->pinned_key);
}

static void set_up_proxy(CURL *easy, const struct http_client *client)
{
    const struct http_client_options *options = &client->options;

    if (client->proxied) /* for CONNECT, which has no headers of the client's */
        curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent);
    if (options->proxy || !client->proxied)
        curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy ? options->proxy : "");
    if (options->no_proxy || !client->proxied) /* else there is nothing to look for in the environment, each time */
        curl_easy_setopt(easy, CURLOPT_NOPROXY, options->no_proxy ? options->no_proxy : "");
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, options->proxy_insecure ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, options->proxy_insecure ? 0L : 2L);
    if (options->proxy_ca_file)
        curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, options->proxy_ca_file);
}

static long http_version(const struct http_client_options *options)
{
    switch (options->version) {
    case HTTP_VERSION_1_1:
        return CURL_HTTP_VERSION_1_1;
    case HTTP_VERSION_2_AT_ONCE:
        return CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE;
    default:
        return CURL_HTTP_VERSION_2TLS;
    }
}

static void set_up_network(CURL *easy, const struct http_client *client)
{
    const struct http_client_options *options = &client->options;

    if (options->unix_socket)
        curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, options->unix_socket);
    if (options->interface)
        curl_easy_setopt(easy, CURLOPT_INTERFACE, options->interface);
    if (options->family != HTTP_FAMILY_ANY)
        curl_easy_setopt(easy, CURLOPT_IPRESOLVE,
                         options->family == HTTP_FAMILY_4 ? CURL_IPRESOLVE_V4 : CURL_IPRESOLVE_V6);
    if (options->doh_url)
        curl_easy_setopt(easy, CURLOPT_DOH_URL, options->doh_url);
    if (client->connect_to)
        curl_easy_setopt(easy, CURLOPT_CONNECT_TO, client->connect_to);
    if (options->deny_private)
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_unless_private);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, http_version(options));
}

void hop_set_up(struct http_transfer *transfer)
{
    const struct http_client_options *options = &transfer->client->options;
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_message);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, answer_on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, answer_on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_about_to_ask);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, socket_on_open);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, socket_on_close);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    set_up_look_ups(easy);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L); /* decoder.h does it */
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, transfer->client->buffer_size);
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 2L * RESOLVE_KEPT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(options->connect_timeout / 1000000));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, options->stall_speed);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, transfer->client->stall_seconds);
    set_up_tls(easy, options);
    tls_note_judged(easy, &transfer->request);
    set_up_proxy(easy, transfer->client);
    set_up_network(easy, transfer->client);
    if (transfer->client->cookies)
        cookies_use(transfer->client->cookies, easy);
}

/* Several at once on one connection: worth waiting for where TLS tells early whether there will be that.  Over http
 * curl would wait for the first answer. */
static void set_sharing(struct http_transfer *transfer)
{
    enum http_version version = transfer->client->options.version;
    bool may_share = version == HTTP_VERSION_2_AT_ONCE ||
                     (version != HTTP_VERSION_1_1 && strcmp(transfer->url.scheme, "https") == 0);

    curl_easy_setopt(transfer->easy, CURLOPT_PIPEWAIT, may_share ? 1L : 0L);
}

static void set_method(struct http_transfer *transfer)
{
    bool head = strcmp(transfer->method, "HEAD") == 0, get = strcmp(transfer->method, "GET") == 0;

    if (transfer->has_content) {
        content_set(transfer);
        return;
    }
    if (head)
        curl_easy_setopt(transfer->easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(transfer->easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_CUSTOMREQUEST, head || get ? NULL : transfer->method);
}

static void set_range(struct http_transfer *transfer)
{
    int64_t from = transfer->request.range.from, to = transfer->request.range.to;
    char range[48] = "";

    if (from > 0 && to > 0)
        snprintf(range, sizeof range, "%" PRId64 "-%" PRId64, from, to);
    else if (from > 0)
        snprintf(range, sizeof range, "%" PRId64 "-", from);
    curl_easy_setopt(transfer->easy, CURLOPT_RANGE, from > 0 ? range : NULL);
}

/* Does this hop say it?  What is about content goes with the content. */
static bool says(const struct http_transfer *transfer, const char *header)
{
    if (transfer->request.content && redirect_is_content_header(header))
        return transfer->has_content;
    return transfer->same_origin || redirect_keeps_header(header);
}

static struct curl_slist *add_if_said(struct http_transfer *transfer, struct curl_slist *own, const char *header)
{
    return says(transfer, header) ? curl_slist_append(own, header) : own;
}

static struct curl_slist *say(struct curl_slist *headers, const struct http_transfer *transfer, const char *name,
                              const char *value)
{
    return value ? curl_slist_append(headers, arena_format(transfer->request.arena, "%s: %s", name, value)) : headers;
}

/* For a request that has headers of its own, that began with content, whether this hop still has it or not, or that is
 * about a version of which something is there. */
static struct curl_slist *own_headers(struct http_transfer *transfer)
{
    const char *type = transfer->has_content ? transfer->request.content->type : NULL;
    struct curl_slist *own = type && !user_says(transfer, "Content-Type:") ? curl_slist_append(NULL, type) : NULL;

    for (const char *header = transfer->request.headers; header && *header; header += strlen(header) + 1)
        own = add_if_said(transfer, own, header);
    for (const struct curl_slist *all = transfer->client->headers; all; all = all->next)
        if (!is_among_headers(transfer->request.headers, all->data))
            own = add_if_said(transfer, own, all->data);
    if (transfer->request.range.from > 0)
        own = say(own, transfer, "If-Range", transfer->request.range.validator);
    own = say(own, transfer, "If-None-Match", transfer->request.known_etag);
    return say(own, transfer, "If-Modified-Since", transfer->request.known_last_modified);
}

/* Not of the rest of a body: bytes are counted as they were saved. */
static void set_encodings(struct http_transfer *transfer)
{
    bool offered = transfer->client->options.compressed && transfer->request.range.from == 0;

    curl_easy_setopt(transfer->easy, CURLOPT_ACCEPT_ENCODING, offered ? DECODER_OFFER : NULL);
}

static void set_headers(struct http_transfer *transfer)
{
    const struct http_client *client = transfer->client;
    const struct http_request *request = &transfer->request;
    bool by_itself = request->content || request->headers || request->range.from > 0 || request->known_etag ||
                     request->known_last_modified;
    struct curl_slist *for_all = transfer->same_origin ? client->headers : client->harmless_headers;

    curl_slist_free_all(transfer->headers);
    transfer->headers = by_itself ? own_headers(transfer) : NULL;
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, by_itself ? transfer->headers : for_all);
}

/* Before 8.0, libcurl begins HTTP/2 once more on a kept connection that speaks it already, and breaks it. */
static bool needs_connection_for_itself(const struct http_transfer *transfer)
{
    return LIBCURL_VERSION_NUM < 0x080000 && is_http2_at_once(transfer);
}

static int add_to_shard(struct http_transfer *transfer, struct shard *shard, struct failure *failure)
{
    CURL *easy = transfer->easy;
    bool alone = needs_connection_for_itself(transfer);

    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA,
                     transfer->client->options.deny_private ? (void *)transfer : (void *)shard);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, shard);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, alone || transfer->wants_fresh_connection ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, alone ? 1L : 0L);
    transfer->wants_fresh_connection = false;
    transfer->curl_message[0] = '\0';
    if (shard_add(shard, easy) != CURLM_OK) {
        failure_set(failure, FAILURE_INTERNAL, CURLE_FAILED_INIT, false, "libcurl does not take the transfer");
        return -EIO;
    }
    transfer->shard = shard;
    transfer->asked = true;
    return 0;
}

/* When so many cannot be under way at all, there is nothing to limit. */
static int begin_opening(struct co_task *self, struct http_transfer *transfer)
{
    struct http_client *client = transfer->client;

    if (client->options.concurrency <= OPENING_AT_ONCE)
        return 0;
    return opening_begin(self, &client->openings, transfer->url.origin, &transfer->opening);
}

int hop_start(struct co_task *self, struct http_transfer *transfer, struct failure *failure)
{
    struct shard *shard;
    const char *line = NULL;
    int result;

    answer_forget(transfer);
    transfer->asked = false;
    transfer->hop_began = co_now();
    result = content_begin(self, transfer, failure);
    if (result == 0)
        result = begin_opening(self, transfer);
    if (result < 0)
        return result;
    shard = client_pick_shard(transfer->client, transfer->url.origin);
    if (!transfer->client->curl_resolves)
        result = resolver_find(self, transfer->client->resolver, &transfer->url, shard->number, &line, failure);
    if (result < 0)
        return result;
    curl_slist_free_all(transfer->resolve);
    transfer->resolve = line ? curl_slist_append(NULL, line) : NULL;
    curl_easy_setopt(transfer->easy, CURLOPT_RESOLVE, line ? transfer->resolve : transfer->client->fixed_hosts);
    parts_give_url(&transfer->parts, transfer->easy, &transfer->url);
    set_sharing(transfer);
    set_method(transfer);
    secrets_set(transfer);
    set_range(transfer);
    set_headers(transfer);
    if (transfer->client->options.compressed)
        set_encodings(transfer);
    transfer->request.exchange->time.name_lookup = co_now() - transfer->began;
    return add_to_shard(transfer, shard, failure);
}

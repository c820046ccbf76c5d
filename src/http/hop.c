#include "transfer.h"

#include <haul/co/scope.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void hop_end_opening(struct http_transfer *transfer)
{
    opening_end(&transfer->client->openings, transfer->opening);
    transfer->opening = NULL;
}

static int on_about_to_ask(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct http_transfer *transfer = context;

    (void)remote, (void)local;
    hop_end_opening(transfer);
    if (strcmp(transfer->url.scheme, "http") != 0)
        return CURL_PREREQFUNC_OK;
    transfer->wants_fresh_connection = socket_has_stray_bytes(transfer->shard, local_port, remote_port);
    return transfer->wants_fresh_connection ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
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
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, transfer->client->buffer_size);
    curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 2L * RESOLVE_KEPT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(options->connect_timeout / 1000000));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, options->stall_speed);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)((options->stall_time + 999999999) / 1000000000));
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, options->insecure ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, options->insecure ? 0L : 2L);
    if (options->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
    if (options->proxy || !transfer->client->proxied)
        curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy ? options->proxy : "");
    if (!transfer->client->proxied)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, ""); /* nothing to look for in the environment, each time */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     options->version == HTTP_VERSION_1_1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS);
}

/* Several at once on one connection: worth waiting for where TLS tells early whether there will be that.  Over http
 * curl would wait for the first answer. */
static void set_sharing(struct http_transfer *transfer)
{
    bool may_share =
        transfer->client->options.version != HTTP_VERSION_1_1 && strcmp(transfer->url.scheme, "https") == 0;

    curl_easy_setopt(transfer->easy, CURLOPT_PIPEWAIT, may_share ? 1L : 0L);
}

static void set_method(struct http_transfer *transfer)
{
    bool head = strcmp(transfer->method, "HEAD") == 0, get = strcmp(transfer->method, "GET") == 0;

    if (head)
        curl_easy_setopt(transfer->easy, CURLOPT_NOBODY, 1L);
    else
        curl_easy_setopt(transfer->easy, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_CUSTOMREQUEST, head || get ? NULL : transfer->method);
}

/* What was the user's to give goes where the user sent it, and nowhere else. */
static void set_secrets(struct http_transfer *transfer)
{
    const struct http_client *client = transfer->client;
    const struct http_url *url = transfer->same_origin ? transfer->request.url : NULL;

    curl_easy_setopt(transfer->easy, CURLOPT_USERNAME, url ? url->user : NULL);
    curl_easy_setopt(transfer->easy, CURLOPT_PASSWORD, url ? url->password : NULL);
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER,
                     transfer->same_origin ? client->headers : client->harmless_headers);
}

/* curl keeps no copy of the list. */
static struct curl_slist *copy_list(const struct curl_slist *list)
{
    struct curl_slist *copy = NULL;

    for (; list; list = list->next)
        copy = curl_slist_append(copy, list->data);
    return copy;
}

static void set_range(struct http_transfer *transfer, const struct curl_slist *headers)
{
    const struct range *range = &transfer->request.range;
    char from[32], condition[RANGE_VALIDATOR_MAXIMUM + 16];

    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    snprintf(from, sizeof from, "%" PRId64 "-", range->from);
    curl_easy_setopt(transfer->easy, CURLOPT_RANGE, range->from > 0 ? from : NULL);
    if (range->from == 0)
        return;
    snprintf(condition, sizeof condition, "If-Range: %s", range->validator);
    transfer->headers = curl_slist_append(copy_list(headers), condition);
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

/* Under the limit for connecting, of which it is a part. */
static int resolve_in_time(struct co_task *self, struct http_transfer *transfer, unsigned shard, const char **ret_line,
                           struct failure *failure)
{
    int64_t limit = transfer->client->options.connect_timeout;
    struct co_scope scope;
    int result;

    co_scope_begin(self, &scope, limit > 0 ? co_after(limit) : CO_FOREVER);
    result = resolver_find(self, transfer->client->resolver, &transfer->url, shard, ret_line, failure);
    result = co_scope_end(self, &scope, result);
    if (result != -ETIMEDOUT)
        return result;
    failure_set(failure, FAILURE_DNS, CURLE_OPERATION_TIMEDOUT, true, "looking up '%s' took too long",
                transfer->url.host);
    failure->exit_code = CURLE_OPERATION_TIMEDOUT;
    return -EIO;
}

static int add_to_shard(struct http_transfer *transfer, struct shard *shard, struct failure *failure)
{
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, shard);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, shard);
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, transfer->wants_fresh_connection ? 1L : 0L);
    transfer->wants_fresh_connection = false;
    transfer->curl_message[0] = '\0';
    if (shard_add(shard, easy) != CURLM_OK) {
        failure_set(failure, FAILURE_INTERNAL, CURLE_FAILED_INIT, false, "libcurl does not take the transfer");
        return -EIO;
    }
    transfer->shard = shard;
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
    transfer->hop_began = co_now();
    result = begin_opening(self, transfer);
    if (result < 0)
        return result;
    shard = client_pick_shard(transfer->client, transfer->url.origin);
    if (!transfer->client->proxied)
        result = resolve_in_time(self, transfer, shard->number, &line, failure);
    if (result < 0)
        return result;
    curl_slist_free_all(transfer->resolve);
    transfer->resolve = line ? curl_slist_append(NULL, line) : NULL;
    curl_easy_setopt(transfer->easy, CURLOPT_RESOLVE, transfer->resolve);
    curl_easy_setopt(transfer->easy, CURLOPT_URL, transfer->url.text);
    set_sharing(transfer);
    set_method(transfer);
    set_secrets(transfer);
    set_range(transfer, transfer->same_origin ? transfer->client->headers : transfer->client->harmless_headers);
    transfer->request.exchange->time.name_lookup = co_now() - transfer->began;
    return add_to_shard(transfer, shard, failure);
}

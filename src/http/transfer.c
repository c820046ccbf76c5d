#include "body.h"
#include "client.h"
#include "failure.h"
#include "head.h"
#include "outcome.h"
#include "redirect.h"

#include <haul/base/memory.h>
#include <haul/co/scope.h>
#include <haul/co/waiter.h>
#include <haul/http/transfer.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DROPPED_MAXIMUM (1024 * 1024) /* of a body that nobody wants; past it, closing the connection is cheaper */

/* Lives on with its easy handle, from one request to the next. */
struct http_transfer {
    struct list idle_link;
    struct http_client *client;
    CURL *easy;
    char curl_message[CURL_ERROR_SIZE];

    struct http_request request;
    struct http_url url; /* of this hop; the strings are the request's or the arena's */
    const char *method;
    bool same_origin; /* as the first hop */
    int64_t began, hop_began;

    struct shard *shard;     /* NULL: curl has nothing to do */
    struct opening *opening; /* a permit to open a connection, until there is one */
    struct curl_slist *resolve;
    struct co_waiter *waiter;
    bool done;
    CURLcode code;

    struct head head;
    struct body body;
    int64_t received; /* of the body of this hop */
    bool wanted;      /* the body is for the reader */
    bool answer_known;
    bool paused;
    bool was_cut;        /* we stopped reading what nobody wants */
    bool stray_bytes;    /* the connection was not clean: not asked */
    const char *problem; /* why we refused the answer */
};

static bool is_redirect(const struct http_transfer *transfer)
{
    return !transfer->client->options.no_redirects && transfer->head.has_location &&
           redirect_is(transfer->head.response_code);
}

static bool is_success(const struct http_transfer *transfer)
{
    int code = transfer->head.response_code;

    return code < 300 || (code < 400 && transfer->client->options.no_redirects);
}

/* What no request of ours can have asked for. */
static const char *unasked(const struct http_transfer *transfer)
{
    int code = transfer->head.response_code;

    if (code == 206)
        return "206 Partial Content, but no range was asked for";
    if (code == 304)
        return "304 Not Modified, but nothing was asked of it";
    if (code >= 300 && code < 400 && !is_redirect(transfer) && !transfer->client->options.no_redirects)
        return "a redirect without a place to go";
    return NULL;
}

static void wake(struct http_transfer *transfer)
{
    if (transfer->waiter)
        co_wake(transfer->waiter, 0);
    transfer->waiter = NULL;
}

/* The final answer's head is known: what is to become of its body? */
static bool judge_answer(struct http_transfer *transfer)
{
    transfer->answer_known = true;
    transfer->problem = unasked(transfer);
    transfer->wanted = is_success(transfer) && !transfer->request.drop_body;
    outcome_note_tls(transfer->easy, transfer->request.exchange, transfer->request.arena);
    return transfer->problem == NULL;
}

static size_t on_header(char *bytes, size_t one, size_t length, void *context)
{
    struct http_transfer *transfer = context;

    (void)one;
    transfer->problem = head_add(&transfer->head, (struct slice){bytes, length});
    return transfer->problem ? 0 : length;
}

static size_t drop(struct http_transfer *transfer, size_t length)
{
    transfer->received += (int64_t)length;
    if (is_success(transfer) || transfer->received <= DROPPED_MAXIMUM)
        return length;
    transfer->was_cut = true;
    return 0;
}

static size_t on_body(char *bytes, size_t one, size_t length, void *context)
{
    struct http_transfer *transfer = context;
    int64_t whole = transfer->head.content_length;

    (void)one;
    if (!transfer->answer_known && !judge_answer(transfer))
        return 0;
    if (!transfer->wanted)
        return drop(transfer, length);
    if (!body_add(&transfer->body, (struct slice){bytes, length}, whole < 0 ? -1 : whole - transfer->received)) {
        transfer->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (transfer->received == 0 || body_has_piece(&transfer->body, transfer->request.eager))
        wake(transfer);
    transfer->received += (int64_t)length;
    return length;
}

static void end_opening(struct http_transfer *transfer)
{
    opening_end(&transfer->client->openings, transfer->opening);
    transfer->opening = NULL;
}

static int on_about_to_ask(void *context, char *remote, char *local, int remote_port, int local_port)
{
    struct http_transfer *transfer = context;

    (void)remote, (void)local;
    end_opening(transfer);
    if (strcmp(transfer->url.scheme, "http") != 0)
        return CURL_PREREQFUNC_OK;
    transfer->stray_bytes = socket_has_stray_bytes(transfer->shard, local_port, remote_port);
    return transfer->stray_bytes ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

void transfer_on_done(struct http_transfer *transfer, CURLcode code)
{
    end_opening(transfer);
    transfer->shard = NULL;
    transfer->done = true;
    transfer->code = code;
    wake(transfer);
}

/* The settings that all transfers of a client share. */
static void set_up(struct http_transfer *transfer)
{
    const struct http_client_options *options = &transfer->client->options;
    CURL *easy = transfer->easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_message);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
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
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, options->version == HTTP_VERSION_1_1 ? 0L : 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                     options->version == HTTP_VERSION_1_1 ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS);
}

static struct http_transfer *take_transfer(struct http_client *client)
{
    struct list *link = list_take_first(&client->idle_transfers);
    struct http_transfer *transfer;

    if (link)
        return LIST_MEMBER(link, struct http_transfer, idle_link);
    transfer = memory_allocate(sizeof *transfer);
    transfer->client = client;
    transfer->easy = curl_easy_init();
    if (!transfer->easy)
        memory_exhausted(0);
    set_up(transfer);
    return transfer;
}

void transfer_free(struct list *idle_link)
{
    struct http_transfer *transfer = LIST_MEMBER(idle_link, struct http_transfer, idle_link);

    curl_easy_cleanup(transfer->easy);
    head_release(&transfer->head);
    body_release(&transfer->body);
    free(transfer);
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
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, transfer->stray_bytes ? 1L : 0L);
    transfer->stray_bytes = false;
    transfer->curl_message[0] = '\0';
    if (shard_add(shard, easy) != CURLM_OK) {
        failure_set(failure, FAILURE_INTERNAL, CURLE_FAILED_INIT, false, "libcurl does not take the transfer");
        return -EIO;
    }
    transfer->shard = shard;
    return 0;
}

static void forget_answer(struct http_transfer *transfer)
{
    head_clear(&transfer->head);
    body_release(&transfer->body);
    transfer->received = 0;
    transfer->wanted = transfer->answer_known = transfer->paused = transfer->was_cut = transfer->done = false;
    transfer->code = CURLE_OK;
    transfer->problem = NULL;
}

/* When so many cannot be under way at all, there is nothing to limit. */
static int begin_opening(struct co_task *self, struct http_transfer *transfer)
{
    struct http_client *client = transfer->client;

    if (client->options.concurrency <= OPENING_AT_ONCE)
        return 0;
    return opening_begin(self, &client->openings, transfer->url.origin, &transfer->opening);
}

static int start_hop(struct co_task *self, struct http_transfer *transfer, struct failure *failure)
{
    struct shard *shard;
    const char *line = NULL;
    int result;

    forget_answer(transfer);
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
    set_method(transfer);
    set_secrets(transfer);
    transfer->request.exchange->time.name_lookup = co_now() - transfer->began;
    return add_to_shard(transfer, shard, failure);
}

static int wait(struct co_task *self, struct http_transfer *transfer)
{
    struct co_waiter waiter;
    int result;

    if (co_check(self) < 0)
        return -ECANCELED;
    co_waiter_init(&waiter, self, transfer->answer_known ? "a body" : "an answer", co_abort_now);
    transfer->waiter = &waiter;
    result = co_park(self, &waiter);
    transfer->waiter = NULL;
    return result;
}

static int fail_as_protocol(struct failure *failure, const char *problem)
{
    failure_set(failure, FAILURE_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, false, "%s", problem);
    failure->exit_code = CURLE_WEIRD_SERVER_REPLY;
    return -EIO;
}

static int fail_as_curl_says(struct http_transfer *transfer, struct failure *failure)
{
    long system_error = 0;
    curl_off_t pre_transfer = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &system_error);
    curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &pre_transfer);
    failure_from_curl(
        failure, &(struct failed_transfer){
                     .code = transfer->code,
                     .message = transfer->curl_message,
                     .connected = pre_transfer > 0,
                     .answered = transfer->head.response_code > 0,
                     .system_error = system_error != 0 || strstr(transfer->curl_message, "SSL_ERROR_SYSCALL") != NULL,
                 });
    return -EIO;
}

/* curl is done with a hop that is no redirect: how did it go? */
static int judge_end(struct http_transfer *transfer, struct failure *failure)
{
    if (!transfer->answer_known && transfer->head.ended && transfer->code == CURLE_OK)
        judge_answer(transfer); /* an answer without a body */
    if (transfer->problem)
        return fail_as_protocol(failure, transfer->problem);
    if (transfer->code != CURLE_OK && !transfer->was_cut)
        return fail_as_curl_says(transfer, failure);
    if (transfer->head.response_code < 200)
        return fail_as_protocol(failure, "the connection ended without an answer");
    if (is_success(transfer))
        return 0;
    failure_from_status(failure, transfer->head.response_code, transfer->head.reason);
    return -EIO;
}

static void fill_exchange(struct http_transfer *transfer)
{
    struct exchange *exchange = transfer->request.exchange;

    exchange->url_effective = transfer->url.text;
    exchange->response_code = transfer->head.response_code;
    exchange->headers = head_headers(&transfer->head, transfer->request.arena);
    exchange->header_count = transfer->head.count;
    exchange->content_length = transfer->head.content_length;
    outcome_fill(transfer->easy, transfer->hop_began - transfer->began, exchange, transfer->request.arena);
    exchange->time.total = co_now() - transfer->began;
}

static void note_redirect(struct http_transfer *transfer, const char *location)
{
    struct exchange *exchange = transfer->request.exchange;
    unsigned count = exchange->redirect_count;

    if (!exchange->redirects)
        exchange->redirects = arena_allocate(transfer->request.arena,
                                             transfer->client->options.maximum_redirects * sizeof *exchange->redirects);
    exchange->redirects[count] = (struct redirect){transfer->url.text, transfer->head.response_code, location};
    exchange->redirect_count++;
}

static int fail_redirect(struct failure *failure, int exit_code, const char *format, const char *subject)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    failure_set(failure, FAILURE_REDIRECT, exit_code, false, format, subject);
#pragma GCC diagnostic pop
    failure->exit_code = exit_code;
    return -EIO;
}

/* The URL of the next hop, if there may be one. */
static int go_on_to(struct http_transfer *transfer, struct failure *failure)
{
    char *location = NULL;
    const char *problem;
    struct http_url url;

    if (transfer->request.exchange->redirect_count >= transfer->client->options.maximum_redirects) {
        failure_set(failure, FAILURE_REDIRECT, CURLE_TOO_MANY_REDIRECTS, false, "more than %u redirects",
                    transfer->client->options.maximum_redirects);
        failure->exit_code = CURLE_TOO_MANY_REDIRECTS;
        return -EIO;
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &location);
    if (!location)
        return fail_redirect(failure, CURLE_URL_MALFORMAT, "redirected to what is not a URL%s", "");
    if (!http_url_parse(transfer->request.arena, location, &url, &problem))
        return fail_redirect(failure, CURLE_UNSUPPORTED_PROTOCOL, "redirected to a place that is not allowed: %s",
                             problem);
    note_redirect(transfer, url.text);
    transfer->method = redirect_method(transfer->head.response_code, transfer->method);
    transfer->url = url;
    transfer->same_origin = strcmp(url.origin, transfer->request.url->origin) == 0;
    return 0;
}

/* Until the final answer's body begins, or all has ended. */
static int exchange_hops(struct co_task *self, struct http_transfer *transfer, struct failure *failure)
{
    int result = start_hop(self, transfer, failure);

    while (result == 0) {
        while (result == 0 && !transfer->done && !(transfer->wanted && transfer->received > 0))
            result = wait(self, transfer);
        if (result < 0 || !transfer->done)
            return result;
        if (transfer->code == CURLE_ABORTED_BY_CALLBACK && transfer->stray_bytes) {
            result = start_hop(self, transfer, failure);
        } else if (is_redirect(transfer) && !transfer->problem && (transfer->code == CURLE_OK || transfer->was_cut)) {
            result = go_on_to(transfer, failure);
            if (result == 0)
                result = start_hop(self, transfer, failure);
        } else {
            return judge_end(transfer, failure);
        }
    }
    return result;
}

int http_transfer_open(struct co_task *self, struct http_client *client, const struct http_request *request,
                       struct failure *failure, struct http_transfer **ret_transfer)
{
    struct http_transfer *transfer;
    int result;

    *ret_transfer = NULL;
    *request->exchange = (struct exchange){.content_length = -1};
    if (co_check(self) < 0)
        return -ECANCELED;
    transfer = take_transfer(client);
    transfer->request = *request;
    transfer->url = *request->url;
    transfer->method = request->method ? request->method : "GET";
    transfer->same_origin = true;
    transfer->stray_bytes = false;
    transfer->began = co_now();
    result = exchange_hops(self, transfer, failure);
    if (result < 0) {
        http_transfer_close(transfer);
        return result;
    }
    *ret_transfer = transfer;
    return 0;
}

static void make_server_go_on(struct http_transfer *transfer)
{
    if (!transfer->paused)
        return;
    transfer->paused = false;
    curl_easy_pause(transfer->easy, CURLPAUSE_CONT); /* may call on_body right here */
}

int http_transfer_read(struct co_task *self, struct http_transfer *transfer, struct slice *ret_bytes,
                       struct failure *failure)
{
    body_give_back(&transfer->body);
    if (transfer->shard)
        make_server_go_on(transfer);
    for (;;) {
        int result;

        if (body_has_piece(&transfer->body, transfer->request.eager) || transfer->done) {
            if (transfer->wanted && body_take(&transfer->body, ret_bytes))
                return 1;
            if (transfer->done)
                return judge_end(transfer, failure);
        }
        result = wait(self, transfer);
        if (result < 0)
            return result;
    }
}

bool http_transfer_is_whole(const struct http_transfer *transfer)
{
    return transfer->done && transfer->code == CURLE_OK && !transfer->problem && !body_has_piece(&transfer->body, true);
}

void http_transfer_close(struct http_transfer *transfer)
{
    if (!transfer)
        return;
    fill_exchange(transfer);
    end_opening(transfer);
    if (transfer->shard)
        shard_remove(transfer->shard, transfer->easy);
    transfer->shard = NULL;
    body_release(&transfer->body);
    curl_slist_free_all(transfer->resolve);
    transfer->resolve = NULL;
    list_append(&transfer->client->idle_transfers, &transfer->idle_link);
}

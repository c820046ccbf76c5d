#include "failure.h"
#include "redirect.h"
#include "said.h"
#include "transfer.h"

#include <haul/job/retry.h>

#include <errno.h>
#include <string.h>

#define DROPPED_MAXIMUM (1024 * 1024) /* of a body that nobody wants; past it, closing the connection is cheaper */

bool answer_is_redirect(const struct http_transfer *transfer)
{
    return !transfer->client->options.no_redirects && transfer->head.has_location &&
           redirect_is(transfer->head.response_code);
}

static bool asks_if_changed(const struct http_transfer *transfer)
{
    return transfer->request.known_etag || transfer->request.known_last_modified;
}

/* A part that was asked for is as good as the whole. */
static bool is_success(const struct http_transfer *transfer)
{
    int code = transfer->head.response_code;

    if (code == 206 && transfer->request.range.from > 0)
        code = 200;
    if (code == 304 && asks_if_changed(transfer))
        return true;
    return transfer->request.accept ? status_set_has(transfer->request.accept, code) : code < 300;
}

/* What no request of ours can have asked for. */
static const char *unasked(const struct http_transfer *transfer)
{
    int code = transfer->head.response_code;

    if (code == 206 && transfer->request.range.from == 0)
        return "206 Partial Content, but no range was asked for";
    if ((code == 304 && asks_if_changed(transfer)) || (transfer->request.accept && is_success(transfer)))
        return NULL;
    if (code == 304 && !user_says(transfer, "If-None-Match:") && !user_says(transfer, "If-Modified-Since:"))
        return "304 Not Modified, but nothing was asked of it";
    if (code >= 300 && code < 400 && code != 304 && !answer_is_redirect(transfer) &&
        !transfer->client->options.no_redirects)
        return "a redirect without a place to go";
    return NULL;
}

/* A 206 is to be the part that we lack, of the version that we have. */
static void judge_part(struct http_transfer *transfer)
{
    const struct range *range = &transfer->request.range;
    struct range_answer answer;
    struct slice part, size;
    unsigned long long number;

    if (transfer->head.response_code != 206 || range->from == 0)
        return;
    answer = (struct range_answer){
        .content_range = head_value(&transfer->head, "content-range"),
        .etag = head_value(&transfer->head, "etag"),
        .last_modified = head_value(&transfer->head, "last-modified"),
        .content_length = transfer->head.content_length,
    };
    transfer->problem = range_problem(range, &answer);
    transfer->range_refused = transfer->problem != NULL;
    if (slice_cut(slice_of(answer.content_range), '/', &part, &size) &&
        slice_to_unsigned(slice_trim(size), INT64_MAX, &number) && !transfer->range_refused)
        transfer->part_size = (range->to > 0 ? range->to + 1 : (int64_t)number) - range->from;
}

/* Only where encodings were offered; else a body is what came. */
static void judge_encoding(struct http_transfer *transfer)
{
    enum decoding decoding;

    if (!transfer->client->options.compressed || !is_success(transfer))
        return;
    decoding = decoding_of(head_value(&transfer->head, "content-encoding"));
    if (decoding == DECODING_NONE)
        return;
    if (transfer->request.range.from > 0 && transfer->head.response_code == 206)
        transfer->range_refused = true;
    if (decoding == DECODING_UNKNOWN)
        transfer->problem = "the body is encoded in a way that was not offered";
    if (transfer->problem || transfer->range_refused)
        return;
    transfer->decoder = decoder_open(decoding, transfer->client->options.any_expansion);
    transfer->request.exchange->expanded = true;
}

/* Not where curl would have to keep what it has read already, of a chunked body or one over HTTP/2, nor over TLS, of
 * which it reads 16 KiB at a time. */
static bool can_rest(const struct http_transfer *transfer)
{
    return transfer->head.is_http_1 && transfer->head.content_length > 0 && strcmp(transfer->url.scheme, "http") == 0;
}

/* The final answer's head is known: what is to become of its body? */
static bool judge_answer(struct http_transfer *transfer)
{
    transfer->answer_known = true;
    transfer->problem = unasked(transfer);
    judge_part(transfer);
    judge_encoding(transfer);
    transfer->can_rest = can_rest(transfer);
    transfer->wanted = is_success(transfer) && (!transfer->request.drop_body || transfer->decoder);
    tls_note(transfer->easy, transfer->request.exchange, transfer->request.arena);
    return transfer->problem == NULL && !transfer->range_refused;
}

size_t answer_on_header(char *bytes, size_t one, size_t length, void *context)
{
    struct http_transfer *transfer = context;

    (void)one;
    cookies_note_header(transfer->client->cookies, (struct slice){bytes, length});
    transfer->problem = head_add(&transfer->head, (struct slice){bytes, length});
    if (transfer->head.ended && head_ends_with_connection(&transfer->head) && strcmp(transfer->method, "HEAD") != 0)
        tls_watch_end(transfer->easy, &transfer->tls_end);
    return transfer->problem ? 0 : length;
}

static void note_came(const struct http_transfer *transfer, size_t length)
{
    if (transfer->request.came)
        *transfer->request.came += (int64_t)length;
}

static void note_turn(struct http_transfer *transfer, size_t length)
{
    if (transfer->can_rest && transfer->received < transfer->head.content_length)
        shard_note_taken(transfer->shard, transfer, length);
}

/* It goes on when whoever wants that says so, not at its next turn. */
static size_t hold_back(struct http_transfer *transfer)
{
    list_remove(&transfer->turn.link);
    return CURL_WRITEFUNC_PAUSE;
}

static size_t drop(struct http_transfer *transfer, size_t length)
{
    transfer->received += (int64_t)length;
    if (transfer->request.drop_body && is_success(transfer))
        note_came(transfer, length);
    throttle_note(&transfer->throttled, (int64_t)length);
    if (!is_success(transfer) && transfer->received > DROPPED_MAXIMUM) {
        transfer->was_cut = true;
        return 0;
    }
    note_turn(transfer, length);
    return length;
}

size_t answer_on_body(char *bytes, size_t one, size_t length, void *context)
{
    struct http_transfer *transfer = context;
    int64_t whole = transfer->head.content_length;

    (void)one;
    if (transfer->broken_off)
        return length;
    if (!transfer->answer_known && !judge_answer(transfer))
        return 0;
    if (throttle_holds(&transfer->throttled))
        return hold_back(transfer);
    if (!transfer->wanted)
        return drop(transfer, length);
    if (!body_add(&transfer->body, (struct slice){bytes, length}, whole < 0 ? -1 : whole - transfer->received)) {
        transfer->paused = true;
        return hold_back(transfer);
    }
    throttle_note(&transfer->throttled, (int64_t)length);
    if (transfer->received == 0 || body_has_piece(&transfer->body, transfer->request.eager))
        transfer_wake(transfer);
    transfer->received += (int64_t)length;
    note_came(transfer, length);
    note_turn(transfer, length);
    return length;
}

void answer_forget(struct http_transfer *transfer)
{
    head_clear(&transfer->head);
    body_release(&transfer->body);
    decoder_close(transfer->decoder);
    transfer->decoder = NULL;
    transfer->received = 0;
    transfer->wanted = transfer->answer_known = transfer->paused = transfer->was_cut = transfer->done = false;
    transfer->broken_off = false;
    transfer->code = CURLE_OK;
    transfer->problem = NULL;
    transfer->part_size = -1;
    transfer->range_refused = false;
    transfer->denied = false;
    transfer->tls_end = (struct tls_end){.matters = false};
    transfer->request.exchange->tls = (struct exchange_tls){.version = NULL};
}

static int fail_as_protocol(struct failure *failure, const char *problem)
{
    failure_set(failure, FAILURE_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, false, "%s", problem);
    failure->exit_code = CURLE_WEIRD_SERVER_REPLY;
    return -EIO;
}

static int fail_as_cut(struct failure *failure)
{
    failure_set(failure, FAILURE_PARTIAL, CURLE_RECV_ERROR, true, "the connection was cut: TLS did not end");
    failure->exit_code = CURLE_RECV_ERROR;
    return -EIO;
}

static int fail_as_denied(struct http_transfer *transfer, struct failure *failure)
{
    failure_set(failure, FAILURE_DENIED, CURLE_COULDNT_CONNECT, false, "'%s' is at the private address %s",
                transfer->url.host, transfer->denied_address);
    return -EIO;
}

/* It answered the request for a tunnel, so what it says is no answer of the server. */
static int fail_as_refused_by_proxy(struct failure *failure, long response_code)
{
    failure_set(failure, FAILURE_CONNECT, (int)CURLE_RECV_ERROR, retry_status_is_transient((int)response_code),
                "the proxy refuses the tunnel: %ld%s", response_code,
                response_code == 407 ? ", it wants a user and a password" : "");
    failure->exit_code = CURLE_RECV_ERROR;
    return -EIO;
}

/* Through a proxy that is spoken to over TLS, libcurl 7.88 takes this for a connection that was cut. */
static int fail_as_untrusted(struct failure *failure, const char *why)
{
    failure_set(failure, FAILURE_TLS, CURLE_PEER_FAILED_VERIFICATION, false, "SSL certificate problem: %s", why);
    failure->exit_code = CURLE_PEER_FAILED_VERIFICATION;
    return -EIO;
}

/* curl has no words for it. */
static int fail_as_unresolved(struct failure *failure, const char *host)
{
    failure_set(failure, FAILURE_DNS, CURLE_COULDNT_RESOLVE_HOST, true, "cannot resolve '%s' by DNS over HTTPS", host);
    failure->exit_code = CURLE_COULDNT_RESOLVE_HOST;
    return -EIO;
}

static int fail_as_curl_says(struct http_transfer *transfer, struct failure *failure)
{
    const char *refusal = tls_refusal(transfer->request.exchange);
    long system_error = 0, proxy_code = 0, proxy_error = 0;
    curl_off_t pre_transfer = 0;

    if (refusal)
        return fail_as_untrusted(failure, refusal);
    if (transfer->client->options.doh_url && transfer->code == CURLE_COULDNT_RESOLVE_HOST)
        return fail_as_unresolved(failure, transfer->url.host);
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_code);
    if (proxy_code >= 300)
        return fail_as_refused_by_proxy(failure, proxy_code);
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &system_error);
    curl_easy_getinfo(transfer->easy, CURLINFO_PROXY_ERROR, &proxy_error);
    curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &pre_transfer);
    failure_from_curl(failure, &(struct failed_transfer){
                                   .code = transfer->code,
                                   .message = transfer->curl_message,
                                   .proxy = (CURLproxycode)proxy_error,
                                   .connected = pre_transfer > 0,
                                   .answered = transfer->head.response_code > 0,
                                   .system_error = system_error != 0,
                               });
    return -EIO;
}

bool answer_has_its_size(const struct http_transfer *transfer)
{
    return transfer->part_size < 0 || transfer->received == transfer->part_size;
}

/* curl is done with a hop that is no redirect: how did it go? */
int answer_judge(struct http_transfer *transfer, struct failure *failure)
{
    if (!transfer->answer_known && transfer->head.ended && transfer->code == CURLE_OK)
        judge_answer(transfer); /* an answer without a body */
    if (transfer->range_refused || (transfer->head.response_code == 416 && transfer->request.range.from > 0))
        return -ERANGE;
    if (transfer->problem)
        return fail_as_protocol(failure, transfer->problem);
    if (transfer->denied && transfer->code == CURLE_COULDNT_CONNECT)
        return fail_as_denied(transfer, failure);
    if (transfer->code != CURLE_OK && !transfer->was_cut)
        return fail_as_curl_says(transfer, failure);
    if (transfer->head.response_code < 200)
        return fail_as_protocol(failure, "the connection ended without an answer");
    if (!answer_has_its_size(transfer))
        return fail_as_protocol(failure, "a part of another length than it says");
    if (is_success(transfer))
        return tls_end_was_cut(&transfer->tls_end) ? fail_as_cut(failure) : 0;
    failure_from_status(failure, transfer->head.response_code, transfer->head.reason);
    return -EIO;
}

#include "content.h"
#include "outcome.h"
#include "redirect.h"
#include "transfer.h"

#include <haul/base/memory.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void transfer_wake(struct http_transfer *transfer)
{
    if (transfer->waiter)
        co_wake(transfer->waiter, 0);
    transfer->waiter = NULL;
}

void transfer_on_done(struct http_transfer *transfer, CURLcode code)
{
    hop_end_opening(transfer);
    throttle_end(&transfer->throttled);
    list_remove(&transfer->turn.link);
    transfer->shard = NULL;
    transfer->done = true;
    transfer->code = code;
    transfer_wake(transfer);
}

/* What curl wants to send is read meanwhile. */
static int wait(struct co_task *self, struct http_transfer *transfer, struct failure *failure)
{
    struct co_waiter waiter;
    int result;

    if (!transfer->done && upload_is_hungry(&transfer->upload))
        return content_feed(self, transfer, failure);
    if (co_check(self) < 0)
        return -ECANCELED;
    co_waiter_init(&waiter, self, transfer->answer_known ? "a body" : "an answer", co_abort_now);
    transfer->waiter = &waiter;
    result = co_park(self, &waiter);
    transfer->waiter = NULL;
    return result;
}

/* Once: what it allocates lives as long as the job. */
static void tell_head(struct http_transfer *transfer)
{
    struct exchange *exchange = transfer->request.exchange;

    if (transfer->head_is_told)
        return;
    transfer->head_is_told = true;
    exchange->url_effective = transfer->url.text;
    exchange->response_code = transfer->head.response_code;
    exchange->headers = head_headers(&transfer->head, transfer->request.arena);
    exchange->header_count = transfer->head.count;
    exchange->content_length = transfer->head.content_length;
}

void http_transfer_note(struct http_transfer *transfer)
{
    struct exchange *exchange = transfer->request.exchange;

    if (transfer->end_is_told)
        return;
    transfer->end_is_told = transfer->done;
    tell_head(transfer);
    if (transfer->asked)
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
    outcome_note_redirect(transfer->easy, exchange);
}

static int fail_redirect(struct failure *failure, int exit_code, const char *message)
{
    failure_set(failure, FAILURE_REDIRECT, exit_code, false, "%s", message);
    failure->exit_code = exit_code;
    return -EIO;
}

static bool may_ask_over(const struct http_url *url, unsigned protocols)
{
    return protocols & (strcmp(url->scheme, "https") == 0 ? HTTP_PROTOCOL_HTTPS : HTTP_PROTOCOL_HTTP);
}

static int fail_as_forbidden(struct failure *failure, const char *scheme)
{
    failure_set(failure, FAILURE_DENIED, CURLE_UNSUPPORTED_PROTOCOL, false, "%s is not among the protocols allowed",
                scheme);
    failure->exit_code = CURLE_UNSUPPORTED_PROTOCOL;
    return -EIO;
}

static void note_whose_it_is(struct http_transfer *transfer)
{
    const struct http_request *request = &transfer->request;
    const char *for_it = request->secrets_for ? request->secrets_for : request->url->origin;

    transfer->same_origin = strcmp(transfer->url.origin, for_it) == 0;
}

/* The URL of the next hop, if there may be one. */
static int go_on_to(struct http_transfer *transfer, struct failure *failure)
{
    struct arena *arena = transfer->request.arena;
    const struct http_client_options *options = &transfer->client->options;
    unsigned maximum = options->maximum_redirects;
    char *location = NULL;
    const char *problem, *old_method = transfer->method;
    struct http_url url;

    if (transfer->request.exchange->redirect_count >= maximum)
        return fail_redirect(failure, CURLE_TOO_MANY_REDIRECTS, arena_format(arena, "more than %u redirects", maximum));
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &location);
    if (!location)
        return fail_redirect(failure, CURLE_URL_MALFORMAT, "redirected to what is not a URL");
    if (!http_url_parse(arena, location, &url, &problem))
        return fail_redirect(failure, CURLE_UNSUPPORTED_PROTOCOL,
                             arena_format(arena, "redirected to a place that is not allowed: %s", problem));
    if (!may_ask_over(&url, options->protocols & options->redirect_protocols))
        return fail_redirect(failure, CURLE_UNSUPPORTED_PROTOCOL,
                             arena_format(arena, "redirected to %s, which is not allowed", url.scheme));
    transfer->method = redirect_method(transfer->head.response_code, transfer->method);
    if (transfer->head.response_code == 303 || strcmp(transfer->method, old_method) != 0)
        transfer->has_content = false;
    if (transfer->has_content && strcmp(transfer->url.scheme, "https") == 0 && strcmp(url.scheme, "http") == 0)
        return fail_redirect(failure, CURLE_UNSUPPORTED_PROTOCOL,
                             "redirected from https to http, and the content of a request does not go there");
    note_redirect(transfer, url.text);
    transfer->asked = false;
    transfer->was_secure |= strcmp(transfer->url.scheme, "https") == 0;
    transfer->url = url;
    note_whose_it_is(transfer);
    return 0;
}

bool transfer_may_ask_twice(const struct http_transfer *transfer)
{
    return strcmp(transfer->method, "GET") == 0 || strcmp(transfer->method, "HEAD") == 0;
}

/* A kept connection that had ended, or on which the server spoke before it was asked: it says nothing about this
 * question.  What is found only when the question is out may be asked twice where that does no harm.  curl itself asks
 * again a few times in the life of an easy handle. */
static bool met_spoilt_connection(const struct http_transfer *transfer)
{
    bool spoilt = transfer->code == CURLE_UNSUPPORTED_PROTOCOL || transfer->code == CURLE_RECV_ERROR ||
                  transfer->code == CURLE_SEND_ERROR || transfer->code == CURLE_GOT_NOTHING;
    long connects = 0;

    if (transfer->code == CURLE_ABORTED_BY_CALLBACK)
        return transfer->wants_fresh_connection;
    if (!spoilt || !transfer_may_ask_twice(transfer) || transfer->head.response_code > 0)
        return false;
    curl_easy_getinfo(transfer->easy, CURLINFO_NUM_CONNECTS, &connects);
    return connects == 0;
}

/* Of a body that has ended already, whole or not, the bytes are to be read before it is judged; where nothing can be
 * taken back, only those of a whole one. */
static bool has_body_to_read(const struct http_transfer *transfer)
{
    return transfer->wanted && transfer->received > 0 && !transfer->request.eager;
}

/* Until the final answer's body begins, or all has ended. */
static int exchange_hops(struct co_task *self, struct http_transfer *transfer, struct failure *failure)
{
    int result = hop_start(self, transfer, failure);

    while (result == 0) {
        while (result == 0 && !transfer->done && !(transfer->wanted && transfer->received > 0))
            result = wait(self, transfer, failure);
        if (result < 0 || !transfer->done || has_body_to_read(transfer))
            return result;
        if (met_spoilt_connection(transfer)) {
            transfer->wants_fresh_connection = true;
            result = hop_start(self, transfer, failure);
        } else if (answer_is_redirect(transfer) && !transfer->problem &&
                   (transfer->code == CURLE_OK || transfer->was_cut)) {
            result = go_on_to(transfer, failure);
            if (result == 0 && transfer->request.before_hop)
                result = transfer->request.before_hop(self, transfer->request.context, transfer->url.origin);
            if (result == 0)
                result = hop_start(self, transfer, failure);
        } else {
            return answer_judge(transfer, failure);
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
    if (!may_ask_over(request->url, client->options.protocols))
        return fail_as_forbidden(failure, request->url->scheme);
    cookies_keep_within_bounds(client->cookies);
    transfer = idle_take(client);
    transfer->request = *request;
    transfer->url = *request->url;
    transfer->method = request->method ? request->method : "GET";
    transfer->has_content = request->content != NULL;
    note_whose_it_is(transfer);
    transfer->was_secure = transfer->wants_fresh_connection = false;
    transfer->head_is_told = transfer->end_is_told = false;
    throttle_begin(&client->throttle, &transfer->throttled);
    transfer->began = co_now();
    result = exchange_hops(self, transfer, failure);
    if (result < 0) {
        http_transfer_close(transfer);
        return result;
    }
    tell_head(transfer);
    *ret_transfer = transfer;
    return 0;
}

void transfer_resume(struct throttled *throttled)
{
    struct http_transfer *transfer = LIST_MEMBER(throttled, struct http_transfer, throttled);

    if (transfer->shard)
        curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
}

static void make_server_go_on(struct http_transfer *transfer)
{
    if (!transfer->paused)
        return;
    transfer->paused = false;
    curl_easy_pause(transfer->easy, CURLPAUSE_CONT); /* may call answer_on_body right here */
}

static int read_as_it_came(struct co_task *self, struct http_transfer *transfer, struct slice *ret_bytes,
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
                return answer_judge(transfer, failure);
        }
        result = wait(self, transfer, failure);
        if (result < 0)
            return result;
    }
}

static int fail_expanding(struct failure *failure, enum failure_class class, int exit_code, const char *message)
{
    failure_set(failure, class, exit_code, class == FAILURE_PARTIAL, "%s", message);
    failure->exit_code = exit_code;
    return -EIO;
}

/* Whatever came is there, and no more will come. */
static int end_expanding(const struct http_transfer *transfer, struct failure *failure)
{
    if (decoder_has_ended(transfer->decoder))
        return 0;
    return fail_expanding(failure, FAILURE_PARTIAL, CURLE_PARTIAL_FILE, "the encoded body ends too early");
}

static int read_expanded(struct co_task *self, struct http_transfer *transfer, struct slice *ret_bytes,
                         struct failure *failure)
{
    struct slice raw;
    int result;

    for (;;) {
        switch (decoder_next(transfer->decoder, ret_bytes)) {
        case DECODER_PIECE:
            return 1;
        case DECODER_BROKEN:
            return fail_expanding(failure, FAILURE_PROTOCOL, CURLE_BAD_CONTENT_ENCODING,
                                  "the body is not encoded as its head says");
        case DECODER_TOO_MUCH:
            return fail_expanding(failure, FAILURE_SIZE, CURLE_FILESIZE_EXCEEDED,
                                  "the encoded body expands to more than a hundred times its size");
        case DECODER_HUNGRY:
            break;
        }
        result = read_as_it_came(self, transfer, &raw, failure);
        if (result <= 0)
            return result == 0 ? end_expanding(transfer, failure) : result;
        decoder_feed(transfer->decoder, raw);
    }
}

int http_transfer_read(struct co_task *self, struct http_transfer *transfer, struct slice *ret_bytes,
                       struct failure *failure)
{
    return transfer->decoder ? read_expanded(self, transfer, ret_bytes, failure)
                             : read_as_it_came(self, transfer, ret_bytes, failure);
}

const char *http_transfer_header(const struct http_transfer *transfer, const char *name)
{
    return head_value(&transfer->head, name);
}

bool http_transfer_goes_on(const struct http_transfer *transfer)
{
    return transfer->part_size >= 0;
}

bool http_transfer_is_whole(const struct http_transfer *transfer)
{
    return transfer->done && transfer->code == CURLE_OK && !transfer->problem && answer_has_its_size(transfer) &&
           !tls_end_was_cut(&transfer->tls_end) && !body_has_piece(&transfer->body, true) &&
           (!transfer->decoder || decoder_has_ended(transfer->decoder));
}

/* What libcurl keeps of a body while that is paused it should drop when the transfer is removed.  7.88 does not where
 * others go on over the same HTTP/2 connection: the next body over this handle would begin with it.  So it is given to
 * us first, to be dropped. */
static void break_off(struct http_transfer *transfer)
{
    transfer->broken_off = true;
    list_remove(&transfer->turn.link);
    curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
    shard_remove(transfer->shard, transfer->easy);
    transfer->shard = NULL;
}

void http_transfer_close(struct http_transfer *transfer)
{
    if (!transfer)
        return;
    http_transfer_note(transfer);
    hop_end_opening(transfer);
    throttle_end(&transfer->throttled);
    if (transfer->shard)
        break_off(transfer);
    body_release(&transfer->body);
    upload_end(&transfer->upload);
    decoder_close(transfer->decoder);
    transfer->decoder = NULL;
    curl_slist_free_all(transfer->resolve);
    curl_slist_free_all(transfer->headers);
    transfer->resolve = transfer->headers = NULL;
    idle_give_back(transfer);
}

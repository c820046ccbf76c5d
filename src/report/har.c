/* HAR 1.2: an entry for each job, and one before it for each redirect that led there.
 *
 * Times are milliseconds.  What is not known of a redirect, and of a job that was never asked for, is 0 or empty. */
#include "format.h"
#include "headers.h"
#include "json.h"
#include "phases.h"
#include "value.h"

#include <haul/base/clock.h>

#define NANOSECONDS_TO_MILLISECONDS(time) ((time)*1000) /* for json_seconds */

static void put_milliseconds(struct json *json, int64_t nanoseconds)
{
    json_seconds(json, NANOSECONDS_TO_MILLISECONDS(nanoseconds));
}

static void put_empty_array(struct json *json)
{
    json_begin_array(json);
    json_end_array(json);
}

static void put_headers(struct json *json, const struct exchange *exchange)
{
    json_begin_array(json);
    for (unsigned i = 0; exchange && i < exchange->header_count; i++) {
        json_begin_object(json);
        json_key(json, "name");
        json_string(json, slice_of(exchange->headers[i].name));
        json_key(json, "value");
        headers_write_value(json, &exchange->headers[i]);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_query(struct json *json, const char *url)
{
    struct slice before, rest, pair, name, value;
    bool more = url && slice_cut(slice_of(url), '?', &before, &rest);

    json_begin_array(json);
    while (more) {
        more = slice_cut(rest, '&', &pair, &rest);
        slice_cut(pair, '=', &name, &value);
        json_begin_object(json);
        json_key(json, "name");
        json_string(json, name);
        json_key(json, "value");
        json_string(json, value);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_version(struct json *json, const struct exchange *exchange)
{
    CLEANUP(text_release) struct text version = {0};

    json_key(json, "httpVersion");
    if (exchange && exchange->http_version)
        text_append_format(&version, "HTTP/%s", exchange->http_version);
    json_string(json, text_slice(&version));
}

/* -1, as HAR says. */
static int64_t size_or_unknown(int64_t size)
{
    return size > 0 ? size : -1;
}

static void put_request(struct json *json, const char *method, const char *url, const struct exchange *exchange)
{
    json_key(json, "request");
    json_begin_object(json);
    json_key(json, "method");
    json_string(json, slice_of(method ? method : "GET"));
    json_key(json, "url");
    value_url(json, url ? url : "");
    put_version(json, exchange);
    json_key(json, "cookies");
    put_empty_array(json);
    json_key(json, "headers");
    put_empty_array(json);
    json_key(json, "queryString");
    put_query(json, url);
    json_key(json, "headersSize");
    json_integer(json, size_or_unknown(exchange ? exchange->size_request - exchange->redirected.size_request : 0));
    json_key(json, "bodySize");
    json_integer(json, exchange ? exchange->size_upload : 0);
    json_end_object(json);
}

static void put_response(struct json *json, int code, const char *location, const struct exchange *exchange)
{
    const char *type = exchange ? exchange_header(exchange, "content-type") : NULL;

    json_key(json, "response");
    json_begin_object(json);
    json_key(json, "status");
    json_integer(json, code);
    json_key(json, "statusText");
    json_string(json, SLICE(""));
    put_version(json, exchange);
    json_key(json, "cookies");
    put_empty_array(json);
    json_key(json, "headers");
    put_headers(json, exchange);
    json_key(json, "content");
    json_begin_object(json);
    json_key(json, "size");
    json_integer(json, exchange ? exchange->size_download : 0);
    json_key(json, "mimeType");
    json_string(json, slice_of(type ? type : "x-unknown"));
    json_end_object(json);
    json_key(json, "redirectURL");
    value_url(json, location ? location : "");
    json_key(json, "headersSize");
    json_integer(json, size_or_unknown(exchange ? exchange->size_header - exchange->redirected.size_header : 0));
    json_key(json, "bodySize");
    json_integer(json, exchange ? exchange->size_download : -1);
    json_end_object(json);
}

/* One phase ends where the next begins, so that they add up to the time of the entry; `connect` includes `ssl`. */
static void put_timings(struct json *json, const struct exchange *exchange)
{
    struct exchange none = {.num_connects = 0};
    struct phases phases = phases_of(exchange ? exchange : &none);

    json_key(json, "time");
    put_milliseconds(json, phases_sum(&phases));
    json_key(json, "timings");
    json_begin_object(json);
    json_key(json, "blocked");
    put_milliseconds(json, phases.blocked);
    json_key(json, "dns");
    put_milliseconds(json, phases.lookup);
    json_key(json, "connect");
    put_milliseconds(json, phases.connect + phases.tls);
    json_key(json, "ssl");
    put_milliseconds(json, phases.tls > 0 ? phases.tls : -NANOSECONDS_PER_MILLISECOND);
    json_key(json, "send");
    put_milliseconds(json, 0);
    json_key(json, "wait");
    put_milliseconds(json, phases.first_byte);
    json_key(json, "receive");
    put_milliseconds(json, phases.body);
    json_end_object(json);
}

static void begin_entry(struct json *json, const struct result *result)
{
    json_begin_object(json);
    json_key(json, "startedDateTime");
    value_moment(json, result->started_at > 0 ? result->started_at : result->finished_at);
}

static void end_entry(struct json *json)
{
    json_key(json, "cache");
    json_begin_object(json);
    json_end_object(json);
    json_end_object(json);
    text_append_byte(json->text, '\n');
}

static void put_redirect(struct json *json, const struct result *result, const struct redirect *redirect)
{
    begin_entry(json, result);
    put_request(json, result->method, redirect->url, NULL);
    put_response(json, redirect->response_code, redirect->location, NULL);
    put_timings(json, NULL);
    end_entry(json);
}

static void put_job(struct json *json, const struct result *result)
{
    const struct exchange *exchange = &result->exchange;

    begin_entry(json, result);
    put_request(json, result->method, exchange->url_effective ? exchange->url_effective : result->url, exchange);
    put_response(json, exchange->response_code, NULL, exchange);
    put_timings(json, exchange);
    if (exchange->remote_ip) {
        json_key(json, "serverIPAddress");
        json_string(json, slice_of(exchange->remote_ip));
    }
    json_key(json, "_status");
    json_string(json, slice_of(result_status_name(result->status)));
    json_key(json, "_error");
    value_message(json, &result->failure);
    json_key(json, "_attempts");
    json_unsigned(json, result->attempt_count);
    end_entry(json);
}

static void begin(struct text *text, const struct report_options *options, int64_t started_at)
{
    struct json json = {.text = text};

    (void)started_at;
    text_append_string(text, "{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"haul\",\"version\":");
    json_string(&json, slice_of(options->version));
    text_append_string(text, "},\"entries\":[\n");
}

static void result(struct text *text, const struct result *result, uint64_t number)
{
    struct json json = {.text = text, .comma = number > 1};

    for (unsigned i = 0; i < result->exchange.redirect_count; i++)
        put_redirect(&json, result, &result->exchange.redirects[i]);
    put_job(&json, result);
}

static void end(struct text *text, const struct totals *totals, const struct run_end *end)
{
    (void)totals, (void)end;
    text_append_string(text, "]}}\n");
}

const struct format format_har = {.name = "har", .extension = ".har", .begin = begin, .result = result, .end = end};

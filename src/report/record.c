#include "record.h"

#include "headers.h"
#include "json.h"
#include "value.h"

#include <string.h>
#include <strings.h>

static void put_job(struct json *json, const struct job *job)
{
    value_id(json, job);
    json_key(json, "tag");
    json_string_or_null(json, job->tag);
    json_key(json, "input");
    json_string_or_null(json, job->source);
    json_key(json, "index");
    json_unsigned(json, job->index);
    json_key(json, "output");
    json_string_or_null(json, job->output);
    json_key(json, "size");
    if (job->has_size)
        json_integer(json, job->size);
    else
        json_null(json);
}

static void put_names(struct json *json, const char *headers)
{
    json_begin_array(json);
    for (; headers && *headers; headers += strlen(headers) + 1)
        json_string(json, (struct slice){headers, strcspn(headers, ":;")});
    json_end_array(json);
}

/* What a list asked for in a way of its own.  Values of headers and content may be secrets. */
static void put_wishes(struct json *json, const struct job *job)
{
    json_key(json, "request");
    if (!job->method && !job->headers && !job->has_data && !job->accept && !job->checks) {
        json_null(json);
        return;
    }
    json_begin_object(json);
    json_key(json, "method");
    json_string_or_null(json, job->method);
    json_key(json, "headers");
    put_names(json, job->headers);
    json_key(json, "data");
    json_boolean(json, job->has_data);
    json_key(json, "accept");
    json_string_or_null(json, job->accept);
    json_key(json, "checks");
    if (job->checks)
        json_written(json, slice_of(job->checks));
    else
        json_null(json);
    json_end_object(json);
}

static void put_mirrors(struct json *json, const struct job *job)
{
    json_key(json, "mirrors");
    json_begin_array(json);
    for (const char *mirror = job->mirrors; mirror && *mirror; mirror += strlen(mirror) + 1)
        value_url(json, mirror);
    json_end_array(json);
}

static void put_failure(struct json *json, const struct failure *failure)
{
    if (failure->class == FAILURE_NONE) {
        json_null(json);
        return;
    }
    json_begin_object(json);
    json_key(json, "class");
    json_plain_string(json, slice_of(failure_class_name(failure->class)));
    json_key(json, "code");
    json_integer(json, failure->code);
    json_key(json, "message");
    value_message(json, failure);
    json_key(json, "transient");
    json_boolean(json, failure->transient);
    json_end_object(json);
}

static void put_verdict(struct json *json, const struct result *result)
{
    json_key(json, "status");
    json_plain_string(json, slice_of(result_status_name(result->status)));
    json_key(json, "reason");
    json_string_or_null(json, result->reason);
    json_key(json, "error");
    put_failure(json, &result->failure);
}

static void put_request(struct json *json, const struct result *result)
{
    const char *as_given = result->job->url && *result->job->url ? result->job->url : NULL;

    json_key(json, "url");
    value_url(json, result->url ? result->url : as_given);
    json_key(json, "url_effective");
    value_url(json, result->exchange.url_effective);
    json_key(json, "method");
    json_string_or_null(json, result->method);
    json_key(json, "origin");
    value_url(json, result->origin);
}

static void put_answer(struct json *json, const struct result *result)
{
    json_key(json, "http_version");
    json_string_or_null(json, result->exchange.http_version);
    json_key(json, "response_code");
    json_integer(json, result->exchange.response_code);
    json_key(json, "exitcode");
    json_integer(json, result->failure.exit_code);
    json_key(json, "errormsg");
    value_message(json, &result->failure);
}

static void put_times(struct json *json, const struct result *result)
{
    const struct exchange *exchange = &result->exchange;

    json_key(json, "started_at");
    value_moment(json, result->started_at);
    json_key(json, "finished_at");
    value_moment(json, result->finished_at);
    json_key(json, "time_wait");
    json_seconds(json, result->time_wait);
    json_key(json, "time_namelookup");
    json_seconds(json, exchange->time.name_lookup);
    json_key(json, "time_connect");
    json_seconds(json, exchange->time.connect);
    json_key(json, "time_appconnect");
    json_seconds(json, exchange->time.app_connect);
    json_key(json, "time_pretransfer");
    json_seconds(json, exchange->time.pre_transfer);
    json_key(json, "time_starttransfer");
    json_seconds(json, exchange->time.start_transfer);
    json_key(json, "time_redirect");
    json_seconds(json, exchange->time.redirect);
    json_key(json, "time_total");
    json_seconds(json, exchange->time.total);
    json_key(json, "time_elapsed");
    json_seconds(json, result->time_elapsed);
}

static void put_sizes(struct json *json, const struct result *result)
{
    const struct exchange *exchange = &result->exchange;

    json_key(json, "size_download");
    json_integer(json, exchange->size_download);
    json_key(json, "size_header");
    json_integer(json, exchange->size_header);
    json_key(json, "size_request");
    json_integer(json, exchange->size_request);
    json_key(json, "size_upload");
    json_integer(json, exchange->size_upload);
    json_key(json, "speed_download");
    json_integer(json, exchange->speed_download);
    json_key(json, "resumed_from");
    json_integer(json, result->resumed_from);
}

static void put_file(struct json *json, const struct result *result)
{
    json_key(json, "filename_effective");
    json_string_or_null(json, result->file.path);
    json_key(json, "filename_reason");
    json_string_or_null(json, result->file.name_reason);
    json_key(json, "file");
    if (!result->file.path) {
        json_null(json);
        return;
    }
    json_begin_object(json);
    json_key(json, "path");
    json_string(json, slice_of(result->file.path));
    json_key(json, "bytes");
    json_integer(json, result->file.bytes);
    json_key(json, "published");
    json_boolean(json, result->file.published);
    json_end_object(json);
}

static void put_checksum(struct json *json, const struct result *result)
{
    const char *expected = result->checksum.expected;
    const char *actual = result->checksum.actual;

    json_key(json, "checksum");
    if (!result->checksum.algorithm) {
        json_null(json);
        return;
    }
    json_begin_object(json);
    json_key(json, "algorithm");
    json_string(json, slice_of(result->checksum.algorithm));
    json_key(json, "expected");
    json_string_or_null(json, expected);
    json_key(json, "actual");
    json_string_or_null(json, actual);
    json_key(json, "ok");
    if (expected && actual)
        json_boolean(json, strcasecmp(expected, actual) == 0);
    else
        json_null(json);
    json_end_object(json);
}

static void put_headers(struct json *json, const struct exchange *exchange)
{
    json_key(json, "content_type");
    json_string_or_null(json, exchange_header(exchange, "content-type"));
    json_key(json, "etag");
    json_string_or_null(json, exchange_header(exchange, "etag"));
    json_key(json, "last_modified");
    json_string_or_null(json, exchange_header(exchange, "last-modified"));
    json_key(json, "headers");
    headers_write(json, exchange->headers, exchange->header_count);
}

static void put_connection(struct json *json, const struct exchange *exchange)
{
    json_key(json, "remote_ip");
    json_string_or_null(json, exchange->remote_ip);
    json_key(json, "remote_port");
    if (exchange->remote_ip)
        json_integer(json, exchange->remote_port);
    else
        json_null(json);
    json_key(json, "num_connects");
    json_integer(json, exchange->num_connects);
}

static void put_redirect(struct json *json, const struct redirect *redirect)
{
    json_begin_object(json);
    json_key(json, "url");
    value_url(json, redirect->url);
    json_key(json, "response_code");
    json_integer(json, redirect->response_code);
    json_key(json, "location");
    value_url(json, redirect->location);
    json_end_object(json);
}

static void put_redirects(struct json *json, const struct exchange *exchange)
{
    json_key(json, "num_redirects");
    json_unsigned(json, exchange->redirect_count);
    json_key(json, "redirects");
    json_begin_array(json);
    for (unsigned i = 0; i < exchange->redirect_count; i++)
        put_redirect(json, &exchange->redirects[i]);
    json_end_array(json);
}

/* A wait stands with the attempt that caused it, so `next` tells it; NULL for the last. */
static void put_attempt(struct json *json, const struct attempt *attempt, const struct attempt *next)
{
    json_begin_object(json);
    json_key(json, "n");
    json_unsigned(json, attempt->n);
    json_key(json, "url");
    value_url(json, attempt->url);
    json_key(json, "response_code");
    json_integer(json, attempt->response_code);
    json_key(json, "error");
    put_failure(json, &attempt->failure);
    json_key(json, "size_download");
    json_integer(json, attempt->size_download);
    json_key(json, "time_total");
    json_seconds(json, attempt->time_total);
    json_key(json, "wait");
    json_seconds(json, next ? next->wait : 0);
    json_key(json, "wait_reason");
    json_string_or_null(json, next ? next->wait_reason : NULL);
    json_end_object(json);
}

static void put_attempts(struct json *json, const struct result *result)
{
    unsigned count = result->attempts_known, made = result->attempt_count;

    json_key(json, "num_retries");
    json_unsigned(json, made > 0 ? made - 1 : 0);
    json_key(json, "attempts");
    json_begin_array(json);
    for (unsigned i = 0; i < count; i++)
        put_attempt(json, &result->attempts[i], i + 1 < count ? &result->attempts[i + 1] : NULL);
    json_end_array(json);
}

static void put_tls(struct json *json, const struct exchange *exchange)
{
    json_key(json, "tls");
    if (!exchange->tls.version) {
        json_null(json);
        return;
    }
    json_begin_object(json);
    json_key(json, "version");
    json_string(json, slice_of(exchange->tls.version));
    json_key(json, "not_after");
    json_string_or_null(json, exchange->tls.not_after);
    json_key(json, "verify_result");
    json_integer(json, exchange->tls.verify_result);
    json_end_object(json);
}

static void put_check(struct json *json, const struct check_outcome *outcome)
{
    json_begin_object(json);
    json_key(json, "name");
    json_string(json, slice_of(outcome->name));
    json_key(json, "expected");
    json_string(json, slice_of(outcome->expected));
    json_key(json, "found");
    json_string_or_null(json, outcome->found);
    json_key(json, "ok");
    if (outcome->verdict == CHECK_UNKNOWN)
        json_null(json);
    else
        json_boolean(json, outcome->verdict == CHECK_HELD);
    json_end_object(json);
}

static void put_checks(struct json *json, const struct result *result)
{
    json_key(json, "checks");
    json_begin_array(json);
    for (unsigned i = 0; i < result->check_count; i++)
        put_check(json, &result->checks[i]);
    json_end_array(json);
}

void record_append(struct text *lines, const struct result *result)
{
    struct json json = {.text = lines};

    json_begin_object(&json);
    json_key(&json, "schema");
    json_plain_string(&json, SLICE("haul.result/1"));
    json_key(&json, "type");
    json_plain_string(&json, SLICE("result"));
    put_job(&json, result->job);
    put_wishes(&json, result->job);
    put_mirrors(&json, result->job);
    put_verdict(&json, result);
    put_request(&json, result);
    put_answer(&json, result);
    put_times(&json, result);
    put_sizes(&json, result);
    put_file(&json, result);
    put_checksum(&json, result);
    put_headers(&json, &result->exchange);
    put_connection(&json, &result->exchange);
    put_redirects(&json, &result->exchange);
    put_attempts(&json, result);
    put_tls(&json, &result->exchange);
    put_checks(&json, result);
    json_end_object(&json);
    text_append_byte(lines, '\n');
}

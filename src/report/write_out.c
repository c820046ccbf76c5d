#include "write_out.h"

#include "headers.h"
#include "plain.h"
#include "record.h"
#include "redact.h"

#include <haul/report/report.h>

#include <inttypes.h>
#include <string.h>
#include <strings.h>

static void put_string(struct text *text, const char *string)
{
    text_append_string(text, string ? string : "");
}

static void put_url(struct text *text, const char *url)
{
    if (url)
        redact_url(text, slice_of(url));
}

/* As the record has it. */
static void put_id(struct text *text, const struct job *job)
{
    if (job->id)
        text_append_string(text, job->id);
    else
        text_append_format(text, "%" PRIu64, job->index);
}

static void put_scheme(struct text *text, const struct result *result)
{
    const char *url = result->exchange.url_effective;

    if (url)
        text_append_string(text, strncmp(url, "https", strlen("https")) == 0 ? "HTTPS" : "HTTP");
}

static void put_record(struct text *text, const struct result *result)
{
    record_append(text, result);
    text->length--; /* the newline */
    text->bytes[text->length] = '\0';
}

static void put_headers(struct text *text, const struct exchange *exchange)
{
    struct json json = {.text = text};

    headers_write(&json, exchange->headers, exchange->header_count);
}

#define NUMBER(value) text_append_format(text, "%" PRId64, (int64_t)(value))
#define STRING(value) put_string(text, (value))

/* Names, and what is appended to `text`. */
#define VARIABLES(X)                                                                                                   \
    X("content_type", STRING(exchange_header(exchange, "content-type")))                                               \
    X("error_class", STRING(result->failure.class == FAILURE_NONE ? NULL : failure_class_name(result->failure.class))) \
    X("errormsg", plain_reason(text, result))                                                                          \
    X("exitcode", NUMBER(result->failure.exit_code))                                                                   \
    X("filename_effective", STRING(result->file.path))                                                                 \
    X("header_json", put_headers(text, exchange))                                                                      \
    X("http_code", text_append_format(text, "%03d", exchange->response_code))                                          \
    X("http_version", STRING(exchange->http_version ? exchange->http_version : "0"))                                   \
    X("id", put_id(text, result->job))                                                                                 \
    X("index", NUMBER(result->job->index))                                                                             \
    X("json", put_record(text, result))                                                                                \
    X("method", STRING(result->method))                                                                                \
    X("num_connects", NUMBER(exchange->num_connects))                                                                  \
    X("num_headers", NUMBER(exchange->header_count))                                                                   \
    X("num_redirects", NUMBER(exchange->redirect_count))                                                               \
    X("num_retries", NUMBER(result->attempt_count > 0 ? result->attempt_count - 1 : 0))                                \
    X("reason", STRING(result->reason))                                                                                \
    X("remote_ip", STRING(exchange->remote_ip))                                                                        \
    X("remote_port", NUMBER(exchange->remote_port))                                                                    \
    X("response_code", text_append_format(text, "%03d", exchange->response_code))                                      \
    X("resumed_from", NUMBER(result->resumed_from))                                                                    \
    X("scheme", put_scheme(text, result))                                                                              \
    X("size_download", NUMBER(exchange->size_download))                                                                \
    X("size_header", NUMBER(exchange->size_header))                                                                    \
    X("size_request", NUMBER(exchange->size_request))                                                                  \
    X("size_upload", NUMBER(exchange->size_upload))                                                                    \
    X("speed_download", NUMBER(exchange->speed_download))                                                              \
    X("ssl_verify_result", NUMBER(exchange->tls.verify_result))                                                        \
    X("status", STRING(result_status_name(result->status)))                                                            \
    X("tag", STRING(result->job->tag))                                                                                 \
    X("time_appconnect", plain_append_seconds(text, exchange->time.app_connect))                                       \
    X("time_connect", plain_append_seconds(text, exchange->time.connect))                                              \
    X("time_elapsed", plain_append_seconds(text, result->time_elapsed))                                                \
    X("time_namelookup", plain_append_seconds(text, exchange->time.name_lookup))                                       \
    X("time_pretransfer", plain_append_seconds(text, exchange->time.pre_transfer))                                     \
    X("time_redirect", plain_append_seconds(text, exchange->time.redirect))                                            \
    X("time_starttransfer", plain_append_seconds(text, exchange->time.start_transfer))                                 \
    X("time_total", plain_append_seconds(text, exchange->time.total))                                                  \
    X("time_wait", plain_append_seconds(text, result->time_wait))                                                      \
    X("url", put_url(text, result->url ? result->url : result->job->url))                                              \
    X("url_effective", put_url(text, exchange->url_effective))

static const char *const names[] = {
#define X(name, action) name,
    VARIABLES(X)
#undef X
};

static void put_variable(struct text *text, struct slice name, const struct result *result)
{
    const struct exchange *exchange = &result->exchange;

#define X(known, action)                                                                                               \
    if (slice_equal(name, SLICE(known))) {                                                                             \
        action;                                                                                                        \
        return;                                                                                                        \
    }
    VARIABLES(X)
#undef X
}

/* A letter behind a backslash; others stand for themselves, backslash and all. */
static bool put_escape(struct text *text, char letter)
{
    static const char letters[] = "nrt", meanings[] = "\n\r\t";
    const char *known = letter ? strchr(letters, letter) : NULL;

    if (known)
        text_append_byte(text, meanings[known - letters]);
    return known != NULL;
}

/* What stands between the opening and "}", at the beginning of the rest; false, and the rest as it was, without. */
static bool take(struct slice *rest, struct slice opening, struct slice *ret_name)
{
    struct slice tail;

    if (!slice_starts_with(*rest, opening) || !slice_cut(slice_from(*rest, opening.length), '}', ret_name, &tail))
        return false;
    *rest = tail;
    return true;
}

static bool take_variable(struct slice *rest, struct slice *ret_name)
{
    return take(rest, SLICE("%{"), ret_name);
}

/* The first of that name, as the record tells it. */
static void put_header(struct text *text, const struct exchange *exchange, struct slice name)
{
    for (unsigned i = 0; i < exchange->header_count; i++) {
        const struct header *header = &exchange->headers[i];

        if (!slice_equal_ignoring_case(slice_of(header->name), name))
            continue;
        if (redact_is_secret_header(name))
            text_append(text, REDACTED);
        else if (redact_is_url_header(name))
            redact_url(text, slice_of(header->value));
        else
            put_string(text, header->value);
        return;
    }
}

void write_out_append(const char *format, const struct result *result, struct text *standard, struct text *error)
{
    struct slice rest = slice_of(format), name;
    struct text *text = standard;

    while (rest.length > 0) {
        if (take_variable(&rest, &name)) {
            if (slice_equal(name, SLICE("stderr")) || slice_equal(name, SLICE("stdout")))
                text = slice_equal(name, SLICE("stderr")) ? error : standard;
            else if (!slice_equal(name, SLICE("onerror")))
                put_variable(text, name, result);
            else if (result->status == RESULT_OK || result->status == RESULT_CACHED)
                return;
        } else if (take(&rest, SLICE("%header{"), &name)) {
            put_header(text, &result->exchange, name);
        } else if (rest.length > 1 && rest.bytes[0] == '\\' && put_escape(text, rest.bytes[1])) {
            rest = slice_from(rest, 2);
        } else {
            text_append_byte(text, rest.bytes[0]);
            rest = slice_from(rest, slice_starts_with(rest, SLICE("%%")) ? 2 : 1);
        }
    }
}

static bool is_known(struct slice name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_equal(name, slice_of(names[i])))
            return true;
    return slice_equal(name, SLICE("stderr")) || slice_equal(name, SLICE("stdout")) ||
           slice_equal(name, SLICE("onerror"));
}

const char *report_write_out_problem(struct arena *arena, const char *format)
{
    struct slice rest = slice_of(format), name;

    while (rest.length > 0) {
        if (slice_starts_with(rest, SLICE("%%")))
            rest = slice_from(rest, 2);
        else if (!take_variable(&rest, &name))
            rest = slice_from(rest, 1);
        else if (!is_known(name))
            return arena_format(arena, "there is no variable '" SLICE_FORMAT "'", SLICE_ARGUMENT(name));
    }
    return NULL;
}

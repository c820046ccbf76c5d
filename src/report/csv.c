/* CSV as in RFC 4180, with the record's names in the first row. */
#include "format.h"
#include "plain.h"
#include "redact.h"

#include <inttypes.h>

static void begin(struct text *text, const struct report_options *options, int64_t started_at)
{
    (void)options;
    (void)started_at;
    text_append_string(text, "index,id,tag,input,status,url,url_effective,response_code,error_class,error,attempts,"
                             "time_total,time_elapsed,size_download,content_type,remote_ip,file,checksum\r\n");
}

static void put(struct text *text, const char *field)
{
    plain_append_csv(text, slice_of(field));
    text_append_byte(text, ',');
}

static void put_made(struct text *text, void (*make)(struct text *made, const struct result *result),
                     const struct result *result)
{
    CLEANUP(text_release) struct text made = {0};

    make(&made, result);
    plain_append_csv(text, text_slice(&made));
    text_append_byte(text, ',');
}

static void append_url_effective(struct text *made, const struct result *result)
{
    redact_url(made, slice_of(result->exchange.url_effective));
}

static void put_seconds(struct text *text, int64_t nanoseconds)
{
    plain_append_seconds(text, nanoseconds);
    text_append_byte(text, ',');
}

static void result(struct text *text, const struct result *result, uint64_t number)
{
    enum failure_class class = result->failure.class;

    (void)number;
    text_append_format(text, "%" PRIu64 ",", result->job->index);
    put(text, result->job->id);
    put(text, result->job->tag);
    put(text, result->job->source);
    put(text, result_status_name(result->status));
    put_made(text, plain_subject, result);
    put_made(text, append_url_effective, result);
    text_append_format(text, "%d,", result->exchange.response_code);
    put(text, class == FAILURE_NONE ? NULL : failure_class_name(class));
    put_made(text, plain_reason, result);
    text_append_format(text, "%u,", result->attempt_count);
    put_seconds(text, result->exchange.time.total);
    put_seconds(text, result->time_elapsed);
    text_append_format(text, "%" PRId64 ",", result->exchange.size_download);
    put(text, exchange_header(&result->exchange, "content-type"));
    put(text, result->exchange.remote_ip);
    put(text, result->failure.class == FAILURE_NONE || result->file.published ? result->file.path : NULL);
    plain_append_csv(text, slice_of(result->checksum.actual));
    text_append_string(text, "\r\n");
}

const struct format format_csv = {.name = "csv", .extension = ".csv", .begin = begin, .result = result};

#include "run_lines.h"

#include "json.h"
#include "value.h"

#include <haul/base/clock.h>

#include <stdio.h>

#define RATE_MAXIMUM 9e9 /* in a second: billionths of it still fit an int64_t */

static void begin_line(struct json *json, struct slice schema, struct slice type)
{
    json_begin_object(json);
    json_key(json, "schema");
    json_string(json, schema);
    json_key(json, "type");
    json_string(json, type);
}

static void end_line(struct json *json)
{
    json_end_object(json);
    text_append_byte(json->text, '\n');
}

void run_lines_append_run(struct text *lines, const struct report_options *options, int64_t started_at)
{
    struct json json = {.text = lines};

    begin_line(&json, SLICE("haul.run/1"), SLICE("run"));
    json_key(&json, "version");
    json_string_or_null(&json, options->version);
    json_key(&json, "started_at");
    value_moment(&json, started_at);
    json_key(&json, "jobs");
    json_unsigned(&json, options->jobs);
    json_key(&json, "jobs_per_host");
    json_unsigned(&json, options->jobs_per_host);
    end_line(&json);
}

static void put_counts(struct json *json, const struct totals *totals)
{
    json_key(json, "total");
    json_unsigned(json, totals->total);
    for (enum result_status status = 0; status < RESULT_STATUS_COUNT; status++) {
        json_key_of(json, slice_of(result_status_name(status)));
        json_unsigned(json, totals->by_result[status]);
    }
    json_key(json, "bytes");
    json_unsigned(json, totals->bytes);
}

static double per_second(uint64_t count, int64_t elapsed)
{
    return elapsed > 0 ? (double)count / ((double)elapsed / (double)NANOSECONDS_PER_SECOND) : 0;
}

static void put_rates(struct json *json, const struct totals *totals, int64_t elapsed)
{
    double jobs = per_second(totals->total, elapsed);
    double bytes = per_second(totals->bytes, elapsed);

    json_key(json, "rates");
    json_begin_object(json);
    json_key(json, "jobs");
    json_seconds(json, (int64_t)((jobs < RATE_MAXIMUM ? jobs : RATE_MAXIMUM) * 1e9));
    json_key(json, "bytes");
    json_unsigned(json, bytes < 1e18 ? (uint64_t)bytes : (uint64_t)1e18);
    json_end_object(json);
}

static void put_duration(struct json *json, bool known, int64_t duration)
{
    if (known)
        json_seconds(json, duration);
    else
        json_null(json);
}

static void put_percentile(struct json *json, const struct totals *totals, double part)
{
    put_duration(json, totals->latency.count > 0, totals_latency_percentile(totals, part));
}

static void put_latency(struct json *json, const struct totals *totals)
{
    bool known = totals->latency.count > 0;

    json_key(json, "latency");
    json_begin_object(json);
    json_key(json, "min");
    put_duration(json, known, totals->latency.minimum);
    json_key(json, "mean");
    put_duration(json, known, known ? totals->latency.sum / (int64_t)totals->latency.count : 0);
    json_key(json, "p50");
    put_percentile(json, totals, 0.50);
    json_key(json, "p90");
    put_percentile(json, totals, 0.90);
    json_key(json, "p95");
    put_percentile(json, totals, 0.95);
    json_key(json, "p99");
    put_percentile(json, totals, 0.99);
    json_key(json, "max");
    put_duration(json, known, totals->latency.maximum);
    json_end_object(json);
}

static void put_response_codes(struct json *json, const struct totals *totals)
{
    json_key(json, "by_status");
    json_begin_object(json);
    for (unsigned code = 0; code < TOTALS_RESPONSE_CODES; code++) {
        char key[16];

        if (totals->by_response_code[code] == 0)
            continue;
        snprintf(key, sizeof key, "%u", code);
        json_key_of(json, slice_of(key));
        json_unsigned(json, totals->by_response_code[code]);
    }
    json_end_object(json);
}

static void put_error_classes(struct json *json, const struct totals *totals)
{
    json_key(json, "by_error");
    json_begin_object(json);
    for (enum failure_class class = FAILURE_NONE + 1; class < FAILURE_CLASS_COUNT; class ++) {
        if (totals->by_class[class] == 0)
            continue;
        json_key_of(json, slice_of(failure_class_name(class)));
        json_unsigned(json, totals->by_class[class]);
    }
    json_end_object(json);
}

static void put_origin(struct json *json, const char *name, const struct totals_origin *origin)
{
    json_key_of(json, slice_of(name));
    json_begin_object(json);
    json_key(json, "total");
    json_unsigned(json, origin->total);
    json_key(json, "ok");
    json_unsigned(json, origin->ok);
    json_key(json, "bytes");
    json_unsigned(json, origin->bytes);
    json_end_object(json);
}

static void put_origins(struct json *json, const struct totals *totals)
{
    json_key(json, "by_origin");
    json_begin_object(json);
    for (unsigned i = 0; i < totals->origin_count; i++)
        put_origin(json, totals->origins[i].origin, &totals->origins[i]);
    if (totals->other.total > 0)
        put_origin(json, "other", &totals->other);
    json_end_object(json);
}

void run_lines_append_summary(struct text *lines, const struct totals *totals, const struct run_end *end)
{
    struct json json = {.text = lines};

    begin_line(&json, SLICE("haul.summary/1"), SLICE("summary"));
    put_counts(&json, totals);
    json_key(&json, "elapsed");
    json_seconds(&json, end->elapsed);
    put_rates(&json, totals, end->elapsed);
    put_latency(&json, totals);
    put_response_codes(&json, totals);
    put_error_classes(&json, totals);
    put_origins(&json, totals);
    json_key(&json, "retries");
    json_unsigned(&json, totals->retries);
    json_key(&json, "max_concurrency");
    json_unsigned(&json, end->most_at_once);
    json_key(&json, "exit_code");
    json_integer(&json, end->exit_code);
    end_line(&json);
}

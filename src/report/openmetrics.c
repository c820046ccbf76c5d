/* OpenMetrics text, which Prometheus and its collectors of files read: the run's totals. */
#include "format.h"
#include "plain.h"

#include <inttypes.h>

/* `unit` is the end of the name, or NULL. */
static void describe(struct text *text, const char *name, const char *type, const char *unit, const char *help)
{
    text_append_format(text, "# TYPE %s %s\n", name, type);
    if (unit)
        text_append_format(text, "# UNIT %s %s\n", name, unit);
    text_append_format(text, "# HELP %s %s\n", name, help);
}

static void put_gauge(struct text *text, const char *name, const char *unit, const char *help, uint64_t value)
{
    describe(text, name, "gauge", unit, help);
    text_append_format(text, "%s %" PRIu64 "\n", name, value);
}

static void put_statuses(struct text *text, const struct totals *totals)
{
    describe(text, "haul_jobs", "gauge", NULL, "Jobs of the run by their status.");
    for (enum result_status status = 0; status < RESULT_STATUS_COUNT; status++)
        text_append_format(text, "haul_jobs{status=\"%s\"} %" PRIu64 "\n", result_status_name(status),
                           totals->by_result[status]);
}

static void put_failures(struct text *text, const struct totals *totals)
{
    describe(text, "haul_failures", "gauge", NULL, "Failed jobs by the class of their error.");
    for (enum failure_class class = FAILURE_NONE + 1; class < FAILURE_CLASS_COUNT; class ++)
        text_append_format(text, "haul_failures{class=\"%s\"} %" PRIu64 "\n", failure_class_name(class),
                           totals->by_class[class]);
}

static void put_responses(struct text *text, const struct totals *totals)
{
    describe(text, "haul_responses", "gauge", NULL, "Jobs by the status code of their last answer.");
    for (unsigned code = 1; code < TOTALS_RESPONSE_CODES; code++)
        if (totals->by_response_code[code] > 0)
            text_append_format(text, "haul_responses{code=\"%u\"} %" PRIu64 "\n", code, totals->by_response_code[code]);
}

static void put_latency(struct text *text, const struct totals *totals)
{
    static const char *const QUANTILES[] = {"0.5", "0.9", "0.95", "0.99"};
    static const double PARTS[] = {0.5, 0.9, 0.95, 0.99};

    describe(text, "haul_latency_seconds", "summary", "seconds",
             "Time of the last attempt of each job that got an answer.");
    for (size_t i = 0; i < sizeof PARTS / sizeof PARTS[0] && totals->latency.count > 0; i++) {
        text_append_format(text, "haul_latency_seconds{quantile=\"%s\"} ", QUANTILES[i]);
        plain_append_seconds(text, totals_latency_percentile(totals, PARTS[i]));
        text_append_byte(text, '\n');
    }
    text_append_format(text, "haul_latency_seconds_count %" PRIu64 "\nhaul_latency_seconds_sum ",
                       totals->latency.count);
    plain_append_seconds(text, totals->latency.sum);
    text_append_byte(text, '\n');
}

static void end(struct text *text, const struct totals *totals, const struct run_end *end)
{
    put_statuses(text, totals);
    put_failures(text, totals);
    put_responses(text, totals);
    put_gauge(text, "haul_downloaded_bytes", "bytes", "Bytes of all bodies.", totals->bytes);
    put_gauge(text, "haul_retries", NULL, "Attempts after the first.", totals->retries);
    put_gauge(text, "haul_concurrency", NULL, "The most transfers at once.", end->most_at_once);
    put_latency(text, totals);
    describe(text, "haul_elapsed_seconds", "gauge", "seconds", "Time of the whole run.");
    text_append_string(text, "haul_elapsed_seconds ");
    plain_append_seconds(text, end->elapsed);
    text_append_byte(text, '\n');
    put_gauge(text, "haul_exit_code", NULL, "The exit code of haul(1).", (uint64_t)end->exit_code);
    text_append_string(text, "# EOF\n");
}

const struct format format_openmetrics = {.name = "openmetrics", .extension = ".prom", .end = end};

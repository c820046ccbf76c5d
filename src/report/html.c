/* One page of HTML that needs nothing else: totals, latencies, and every job, failures first.
 *
 * Rows are written as results come; it is the style sheet that shows the failures first, for a row is a grid of its own
 * and has an order.  The page has no script and asks for nothing. */
#include "format.h"
#include "plain.h"

#include <haul/base/clock.h>

#include <inttypes.h>

#define BUCKETS_PER_DOUBLING 64
#define DOUBLINGS            ((TOTALS_BUCKETS - 1) / BUCKETS_PER_DOUBLING)
#define FIRST_BOUND          (INT64_C(1) << 11) /* ns: where the first doubling ends */

static const char PAGE_START[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>haul report</title>\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light "
    "dark\">\n<style>\n"
    ":root{color-scheme:light dark;--line:#8884;--bad:#c62828;--ok:#2e7d32;--bar:#1976d2}\n"
    "@media(prefers-color-scheme:dark){:root{--bad:#ff8a80;--ok:#81c784;--bar:#64b5f6}}\n"
    "body{font:14px/1.45 system-ui,sans-serif;margin:1.5rem auto;max-width:78rem;padding:0 1rem}\n"
    "h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.6rem}\n"
    "dl{display:flex;flex-wrap:wrap;gap:.6rem;margin:0}dl div{border:1px solid var(--line);border-radius:.4rem;"
    "padding:.4rem .9rem}dt{opacity:.7}dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums}\n"
    ".latency td,.latency th{padding:.1rem .8rem .1rem 0;text-align:right;font-weight:normal}\n"
    ".latency td:last-child{width:24rem;text-align:left}.latency i{display:block;height:.8rem;background:var(--bar);"
    "min-width:1px;print-color-adjust:exact}\n"
    ".jobs,.jobs tbody{display:flex;flex-direction:column}.jobs tr{display:grid;grid-template-columns:"
    "6rem 4rem 6rem 7rem 1fr;gap:0 .6rem;border-bottom:1px solid var(--line);padding:.15rem 0;break-inside:avoid}\n"
    ".jobs td,.jobs th{padding:0;text-align:left;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}\n"
    ".jobs td:nth-child(3),.jobs td:nth-child(4),.jobs th:nth-child(3),.jobs th:nth-child(4){text-align:right}\n"
    ".failed,.cancelled{order:-1}.failed td:first-child,.cancelled td:first-child,small{color:var(--bad)}"
    ".ok td:first-child{color:var(--ok)}small{display:block;font-size:1em}\n"
    "@media(max-width:40rem){.jobs tr{grid-template-columns:5rem 3rem 1fr 1fr}.jobs td:last-child{grid-column:1/-1}}\n"
    "</style></head>\n<body><h1>haul report</h1>\n<dl>";

static void put_count(struct text *text, const char *name, uint64_t count)
{
    text_append_format(text, "<div><dt>%s</dt><dd>%" PRIu64 "</dd></div>", name, count);
}

static void put_totals(struct text *text, const struct totals *totals, const struct run_end *end)
{
    put_count(text, "jobs", totals->total);
    for (enum result_status status = 0; status < RESULT_STATUS_COUNT; status++)
        put_count(text, result_status_name(status), totals->by_result[status]);
    put_count(text, "retries", totals->retries);
    put_count(text, "bytes", totals->bytes);
    put_count(text, "exit code", (uint64_t)end->exit_code);
    text_append_string(text, "<div><dt>seconds</dt><dd>");
    plain_append_seconds(text, end->elapsed);
    text_append_string(text, "</dd></div></dl>\n");
}

static void put_time(struct text *text, const char *name, int64_t nanoseconds)
{
    text_append_format(text, "<div><dt>%s</dt><dd>%.3f ms</dd></div>", name,
                       (double)nanoseconds / (double)NANOSECONDS_PER_MILLISECOND);
}

static void put_percentiles(struct text *text, const struct totals *totals)
{
    text_append_string(text, "<h2>Latency of answers</h2>\n<dl>");
    put_time(text, "least", totals->latency.minimum);
    put_time(text, "median", totals_latency_percentile(totals, 0.50));
    put_time(text, "90 %", totals_latency_percentile(totals, 0.90));
    put_time(text, "95 %", totals_latency_percentile(totals, 0.95));
    put_time(text, "99 %", totals_latency_percentile(totals, 0.99));
    put_time(text, "most", totals->latency.maximum);
    text_append_string(text, "</dl>\n");
}

static uint64_t count_in(const struct totals *totals, unsigned doubling)
{
    uint64_t count = doubling == 0 ? totals->latency.buckets[0] : 0;

    for (unsigned i = 0; i < BUCKETS_PER_DOUBLING; i++)
        count += totals->latency.buckets[1 + doubling * BUCKETS_PER_DOUBLING + i];
    return count;
}

static void put_distribution(struct text *text, const struct totals *totals)
{
    text_append_string(text, "<table class=\"latency\">\n");
    for (unsigned doubling = 0; doubling < DOUBLINGS; doubling++) {
        uint64_t count = count_in(totals, doubling);

        if (count > 0)
            text_append_format(
                text, "<tr><th>below %.3f ms</th><td>%" PRIu64 "</td><td><i style=\"width:%.1f%%\"></i></td>\n",
                (double)(FIRST_BOUND << doubling) / (double)NANOSECONDS_PER_MILLISECOND, count,
                100.0 * (double)count / (double)totals->latency.count);
    }
    text_append_string(text, "</table>\n");
}

static void head(struct text *text, const struct totals *totals, const struct run_end *end)
{
    text_append_string(text, PAGE_START);
    put_totals(text, totals, end);
    if (totals->latency.count == 0)
        return;
    put_percentiles(text, totals);
    put_distribution(text, totals);
}

static void begin(struct text *text, const struct report_options *options, int64_t started_at)
{
    char moment[CLOCK_TEXT_SIZE];

    clock_format(started_at, moment);
    text_append_format(text, "<p>Begun at %s by haul ", moment);
    plain_append_xml(text, slice_of(options->version));
    text_append_string(text, ".</p>\n<h2>Jobs, failures first</h2>\n<table class=\"jobs\"><thead><tr><th>status<th>code"
                             "<th>seconds<th>bytes<th>URL</thead>\n<tbody>\n");
}

static void put_words(struct text *text, void (*make)(struct text *made, const struct result *result),
                      const struct result *result)
{
    CLEANUP(text_release) struct text made = {0};

    make(&made, result);
    plain_append_xml(text, text_slice(&made));
}

static void result(struct text *text, const struct result *result, uint64_t number)
{
    const char *status = result_status_name(result->status);

    (void)number;
    text_append_format(text, "<tr class=\"%s\"><td>%s<td>%d<td>", status, status, result->exchange.response_code);
    plain_append_seconds(text, result->time_elapsed);
    text_append_format(text, "<td>%" PRId64 "<td>", result->exchange.size_download);
    put_words(text, plain_subject, result);
    if (result->status != RESULT_OK) {
        text_append_string(text, "<small>");
        put_words(text, plain_reason, result);
        text_append_string(text, "</small>");
    }
    text_append_string(text, "\n");
}

static void end(struct text *text, const struct totals *totals, const struct run_end *end)
{
    (void)totals;
    (void)end;
    text_append_string(text, "</tbody></table>\n</body></html>\n");
}

const struct format format_html = {
    .name = "html", .extension = ".html", .head = head, .begin = begin, .result = result, .end = end};

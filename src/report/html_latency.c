/* The section of the page on how long answers took: percentiles, and their distribution on a logarithmic scale. */
#include "html.h"
#include "quantity.h"

#include <haul/base/clock.h>

#include <inttypes.h>

#define BARS_MAXIMUM  48
#define BARS_MINIMUM  24
#define MARK_DISTANCE 0.11 /* between two words below or above the chart, of its width */

/* What the chart shows: `bars` bars, each of `width` buckets of the totals. */
struct scale {
    unsigned first, width, bars;
};

static const struct {
    const char *name, *term;
    double part;
} percentiles[] = {
    {"p50", "median", 0.50},
    {"p90", "90 %", 0.90},
    {"p95", "95 %", 0.95},
    {"p99", "99 %", 0.99},
};

#define PERCENTILES (sizeof percentiles / sizeof percentiles[0])

static void put_time(struct text *text, const char *name, int64_t nanoseconds)
{
    text_append_format(text, "<div><dt>%s</dt><dd>%.3f</dd></div>\n", name,
                       (double)nanoseconds / (double)NANOSECONDS_PER_MILLISECOND);
}

static void put_percentiles(struct text *text, const struct totals *totals)
{
    text_append_string(text, "<dl>\n");
    put_time(text, "least", totals->latency.minimum);
    for (size_t i = 0; i < PERCENTILES; i++)
        put_time(text, percentiles[i].term, totals_latency_percentile(totals, percentiles[i].part));
    put_time(text, "most", totals->latency.maximum);
    put_time(text, "mean", totals->latency.sum / (int64_t)totals->latency.count);
    text_append_string(text, "</dl>\n");
}

/* As fine as there is room for; a few equal latencies are no wall. */
static struct scale choose_scale(const struct totals *totals)
{
    unsigned first = totals_bucket_of(totals->latency.minimum), last = totals_bucket_of(totals->latency.maximum);
    struct scale scale = {.width = 1};

    if (last - first < BARS_MINIMUM) {
        first = first > BARS_MINIMUM / 2 ? first - BARS_MINIMUM / 2 : 0;
        last = last + BARS_MINIMUM / 2 < TOTALS_BUCKETS ? last + BARS_MINIMUM / 2 : TOTALS_BUCKETS - 1;
    }
    while ((last - first) / scale.width + 1 > BARS_MAXIMUM)
        scale.width *= 2;
    scale.first = first;
    scale.bars = (last - first) / scale.width + 1;
    return scale;
}

static uint64_t count_in(const struct totals *totals, const struct scale *scale, unsigned bar)
{
    unsigned first = scale->first + bar * scale->width;
    uint64_t count = 0;

    for (unsigned i = first; i < first + scale->width && i < TOTALS_BUCKETS; i++)
        count += totals->latency.buckets[i];
    return count;
}

/* Of the width of the chart. */
static double place_of(const struct scale *scale, int64_t latency)
{
    unsigned bucket = totals_bucket_of(latency);
    int64_t start = totals_bucket_start(bucket), end = totals_bucket_start(bucket + 1);
    double within = (double)(latency - start) / (double)(end - start);

    return ((double)bucket - scale->first + (within < 1 ? within : 1)) / (scale->bars * scale->width);
}

static void append_latency(struct text *text, int64_t nanoseconds)
{
    if (nanoseconds < NANOSECONDS_PER_MILLISECOND)
        text_append_format(text, "%.4g µs", (double)nanoseconds / (double)NANOSECONDS_PER_MICROSECOND);
    else if (nanoseconds < NANOSECONDS_PER_SECOND)
        text_append_format(text, "%.4g ms", (double)nanoseconds / (double)NANOSECONDS_PER_MILLISECOND);
    else
        text_append_format(text, "%.4g s", (double)nanoseconds / (double)NANOSECONDS_PER_SECOND);
}

static void put_bars(struct text *text, const struct totals *totals, const struct scale *scale)
{
    uint64_t most = 1;

    for (unsigned bar = 0; bar < scale->bars; bar++)
        most = count_in(totals, scale, bar) > most ? count_in(totals, scale, bar) : most;
    for (unsigned bar = 0; bar < scale->bars; bar++) {
        uint64_t count = count_in(totals, scale, bar);
        double height = 100.0 * (double)count / (double)most;

        if (count == 0)
            continue;
        height = height < 1 ? 1 : height;
        text_append_format(text, "<rect x=\"%.1f\" y=\"%.1f\" width=\".9\" height=\"%.1f\"><title>", bar + 0.05,
                           100 - height, height);
        append_latency(text, totals_bucket_start(scale->first + bar * scale->width));
        text_append_string(text, " to ");
        append_latency(text, totals_bucket_start(scale->first + (bar + 1) * scale->width));
        text_append_format(text, ": %" PRIu64 "</title></rect>\n", count);
    }
}

static void put_lines(struct text *text, const struct totals *totals, const struct scale *scale)
{
    for (size_t i = 0; i < PERCENTILES; i++) {
        double x = scale->bars * place_of(scale, totals_latency_percentile(totals, percentiles[i].part));

        text_append_format(text, "<line x1=\"%.2f\" x2=\"%.2f\" y1=\"0\" y2=\"100\"></line>\n", x, x);
    }
}

static void put_mark(struct text *text, double place)
{
    text_append_format(text, "<b style=\"left:%.1f%%\">", 100 * place);
}

static void put_names(struct text *text, const struct totals *totals, const struct scale *scale)
{
    double before = -1;

    text_append_string(text, "<div class=\"axis\" aria-hidden=\"true\">");
    for (size_t i = 0; i < PERCENTILES; i++) {
        double place = place_of(scale, totals_latency_percentile(totals, percentiles[i].part));

        if (place - before < MARK_DISTANCE)
            continue;
        put_mark(text, place);
        text_append_format(text, "%s</b>", percentiles[i].name);
        before = place;
    }
    text_append_string(text, "</div>\n");
}

static bool put_tick(struct text *text, const struct scale *scale, int64_t latency, double *before)
{
    double place = place_of(scale, latency);

    if (place < MARK_DISTANCE / 2 || place > 1 - MARK_DISTANCE / 2 || place - *before < MARK_DISTANCE)
        return false;
    put_mark(text, place);
    append_latency(text, latency);
    text_append_string(text, "</b>");
    *before = place;
    return true;
}

static void put_ticks(struct text *text, const struct totals *totals, const struct scale *scale)
{
    double before = -1;
    bool any = false;

    text_append_string(text, "<div class=\"axis\" aria-hidden=\"true\">");
    for (int64_t decade = NANOSECONDS_PER_MICROSECOND; decade < 100000 * NANOSECONDS_PER_SECOND; decade *= 10) {
        any |= put_tick(text, scale, decade, &before);
        any |= put_tick(text, scale, 2 * decade, &before);
        any |= put_tick(text, scale, 5 * decade, &before);
    }
    if (!any)
        put_tick(text, scale, totals->latency.minimum, &before);
    text_append_string(text, "</div>\n");
}

static void put_chart(struct text *text, const struct totals *totals)
{
    struct scale scale = choose_scale(totals);

    text_append_string(text, "<figure>");
    put_names(text, totals, &scale);
    text_append_format(text,
                       "<svg class=\"chart\" viewBox=\"0 0 %u 100\" preserveAspectRatio=\"none\" role=\"img\" "
                       "aria-label=\"Distribution of the latencies of ",
                       scale.bars);
    quantity_append_count(text, totals->latency.count);
    text_append_string(text, " answers\">\n");
    put_bars(text, totals, &scale);
    put_lines(text, totals, &scale);
    text_append_string(text, "</svg>\n");
    put_ticks(text, totals, &scale);
    text_append_string(text, "</figure>\n");
}

void html_append_latency(struct text *text, const struct totals *totals)
{
    text_append_string(text, "<section><h2>Latency of answers <small>in ms</small></h2>\n");
    if (totals->latency.count == 0) {
        text_append_string(text, "<p class=\"note\">There was no answer.</p>");
    } else {
        put_percentiles(text, totals);
        put_chart(text, totals);
    }
    text_append_string(text, "</section>\n");
}

/* One page of HTML that needs nothing else: totals, latencies, what went wrong, when it all happened, and every job.
 *
 * What has gone wrong stands before the rest, so the page has two parts (format.h).  Its style and its script are files
 * of their own; the page allows itself no other script and asks for nothing.  Neither a browser nor a reader is served
 * with a million rows: of each part only so many are shown, and the page says so. */
#include "format.h"
#include "html.h"
#include "html_embedded.h"
#include "plain.h"
#include "quantity.h"
#include "shown.h"

#include <haul/base/clock.h>

#include <inttypes.h>

#define ROWS_MAXIMUM     10000
#define COLUMNS_MAXIMUM  1000
#define ATTEMPTS_MAXIMUM 5 /* that are told of one job */

static const char JOBS_START[] = "<table class=\"jobs\"><thead><tr><th scope=\"col\">status<th scope=\"col\">code"
                                 "<th scope=\"col\" class=\"n\">attempts<th scope=\"col\" class=\"n\">seconds"
                                 "<th scope=\"col\" class=\"n\">size<th scope=\"col\">transfer</thead><tbody>\n";
static const char JOBS_END[] = "</tbody></table>\n";

void html_append_words(struct text *text, struct slice words)
{
    CLEANUP(text_release) struct text shown = {0};

    shown_append_cut(&shown, words, COLUMNS_MAXIMUM);
    plain_append_xml(text, text_slice(&shown));
}

static uint64_t count_bad(const struct totals *totals)
{
    uint64_t count = 0;

    for (enum result_status status = 0; status < RESULT_STATUS_COUNT; status++)
        count += result_status_is_bad(status) ? totals->by_result[status] : 0;
    return count;
}

static void put_verdict(struct text *text, const struct totals *totals)
{
    uint64_t bad = count_bad(totals);

    if (bad > 0) {
        quantity_append_count(text, bad);
        text_append_string(text, " of ");
    }
    quantity_append_count(text, totals->total);
    if (bad > 0)
        text_append_string(text, bad > totals->by_result[RESULT_FAILED] ? " failed or cancelled" : " failed");
    else if (totals->total == 1)
        text_append_string(text, " job, and it is fine");
    else
        text_append_string(text, totals->total == 0 ? " jobs" : " jobs, all fine");
}

static const char *tone_of(enum result_status status)
{
    if (status == RESULT_OK)
        return "good";
    return result_status_is_bad(status) ? "bad" : "other";
}

static void put_shares(struct text *text, const struct totals *totals)
{
    text_append_string(text, "<div class=\"shares\" aria-hidden=\"true\">");
    for (enum result_status status = 0; status < RESULT_STATUS_COUNT; status++)
        if (totals->by_result[status] > 0)
            text_append_format(text, "<i class=\"%s\" style=\"flex-grow:%" PRIu64 "\"></i>", tone_of(status),
                               totals->by_result[status]);
    text_append_string(text, "</div>\n");
}

static void put_term(struct text *text, const char *term, const char *tone)
{
    text_append_format(text, "<div><dt>%s</dt><dd class=\"%s\">", term, tone);
}

static void put_count(struct text *text, const char *term, const char *tone, uint64_t count)
{
    put_term(text, term, count > 0 ? tone : "");
    quantity_append_count(text, count);
    text_append_string(text, "</dd></div>\n");
}

static void put_totals(struct text *text, const struct totals *totals, const struct run_end *end)
{
    double seconds = (double)end->elapsed / (double)NANOSECONDS_PER_SECOND;

    text_append_string(text, "<dl>\n");
    put_count(text, "jobs", "", totals->total);
    for (enum result_status status = 0; status < RESULT_STATUS_COUNT; status++)
        if (totals->by_result[status] > 0 || status <= RESULT_FAILED)
            put_count(text, result_status_name(status), tone_of(status), totals->by_result[status]);
    put_count(text, "retries", "", totals->retries);
    put_count(text, "most at once", "", end->most_at_once);
    put_term(text, "size", "");
    quantity_append_size(text, totals->bytes);
    text_append_string(text, "</dd></div>\n");
    put_term(text, "time", "");
    quantity_append_duration(text, end->elapsed);
    text_append_string(text, "</dd></div>\n");
    put_term(text, "rate", "");
    text_append_format(text, "%.1f/s</dd></div>\n", seconds > 0 ? (double)totals->total / seconds : 0);
    put_count(text, "exit code", "", (uint64_t)end->exit_code);
    text_append_string(text, "</dl>\n");
}

static void put_tools(struct text *text, const struct totals *totals)
{
    uint64_t bad = count_bad(totals);

    text_append_string(text, "<nav class=\"tools\" aria-label=\"Sections\">");
    if (bad > 0)
        text_append_string(text, "<a href=\"#failures\">Failures</a>\n");
    if (totals->origin_count > 0)
        text_append_string(text, "<a href=\"#origins\">Origins</a>\n");
    if (totals->total > 0)
        text_append_string(text, "<a href=\"#waterfall\">Waterfall</a>\n");
    if (totals->total > bad)
        text_append_string(text, "<a href=\"#transfers\">Transfers</a>\n");
    text_append_string(text, "<label hidden><output></output>Filter <input type=\"search\" "
                             "placeholder=\"failed 404 name\"></label></nav>\n");
}

static void head(struct text *text, const struct totals *totals, const struct run_end *end)
{
    text_append_string(text, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                             "style-src 'unsafe-inline'; script-src '" HTML_SCRIPT_DIGEST
                             "'; base-uri 'none'; form-action 'none'\">\n"
                             "<meta name=\"viewport\" content=\"width=device-width\">"
                             "<meta name=\"color-scheme\" content=\"light dark\">\n<title>haul: ");
    put_verdict(text, totals);
    text_append_string(text,
                       "</title>\n<style>\n" HTML_STYLE "</style></head>\n<body><header><small>haul report</small>");
    text_append_format(text, "<h1 class=\"%s\">", count_bad(totals) > 0 ? "bad" : "");
    put_verdict(text, totals);
    text_append_string(text, "</h1></header>\n<main>");
    put_shares(text, totals);
    put_totals(text, totals, end);
    text_append_string(text, "<div class=\"columns\">\n");
    html_append_latency(text, totals);
    html_append_answers(text, totals);
    text_append_string(text, "</div>\n");
    put_tools(text, totals);
}

static void begin(struct text *text, const struct report_options *options, int64_t started_at)
{
    char moment[CLOCK_TEXT_SIZE];

    clock_format(started_at, moment);
    text_append_format(text, "<p class=\"note\">Begun <time>%s</time>; at most %u at once, %u of one host; haul ",
                       moment, options->jobs, options->jobs_per_host);
    html_append_words(text, slice_of(options->version));
    text_append_string(text, ".</p>\n");
}

static void put_made(struct text *text, void (*make)(struct text *made, const struct result *result),
                     const struct result *result)
{
    CLEANUP(text_release) struct text made = {0};

    make(&made, result);
    html_append_words(text, text_slice(&made));
}

static void put_place(struct text *text, const struct job *job)
{
    text_append_string(text, " <span>");
    html_append_words(text, slice_of(job->source));
    if (job->tag) {
        text_append_string(text, ", tag ");
        html_append_words(text, slice_of(job->tag));
    }
    text_append_string(text, "</span>");
}

static void put_reason(struct text *text, const struct result *result)
{
    text_append_format(text, "<small class=\"%s\">", result_status_is_bad(result->status) ? "bad" : "");
    if (result->failure.class != FAILURE_NONE)
        text_append_format(text, "<b>%s</b> ", failure_class_name(result->failure.class));
    put_made(text, plain_reason, result);
    put_place(text, result->job);
    text_append_string(text, "</small>");
}

/* The reason tells the first. */
static void put_other_checks(struct text *text, const struct result *result)
{
    unsigned failed = 0;

    for (unsigned i = 0; i < result->check_count; i++) {
        CLEANUP(text_release) struct text check = {0};

        if (result->checks[i].verdict != CHECK_FAILED || ++failed == 1)
            continue;
        check_outcome_append(&check, &result->checks[i]);
        text_append_string(text, "<small class=\"bad\">");
        html_append_words(text, text_slice(&check));
        text_append_string(text, "</small>");
    }
}

static void put_attempt(struct text *text, const struct attempt *attempt)
{
    if (attempt->wait > 0)
        text_append_format(text, "after %.3f s ", (double)attempt->wait / (double)NANOSECONDS_PER_SECOND);
    if (attempt->response_code > 0)
        text_append_format(text, "%d", attempt->response_code);
    else
        text_append_string(text, failure_class_name(attempt->failure.class));
    text_append_format(text, " in %.3f s", (double)attempt->time_total / (double)NANOSECONDS_PER_SECOND);
}

static void put_attempts(struct text *text, const struct result *result)
{
    unsigned known = result->attempts_known;

    text_append_string(text, "<small>attempts: ");
    for (unsigned i = 0; i < known; i++) {
        if (i == ATTEMPTS_MAXIMUM - 1 && known > ATTEMPTS_MAXIMUM) {
            text_append_format(text, "%u more, ", result->attempt_count - ATTEMPTS_MAXIMUM);
            i = known - 1;
        }
        put_attempt(text, &result->attempts[i]);
        text_append_string(text, i + 1 < known ? ", " : "");
    }
    text_append_string(text, "</small>");
}

static void put_row(struct text *text, const struct result *result)
{
    const char *status = result_status_name(result->status);

    text_append_format(text, "<tr class=\"%s\"><td>%s<td>", status, status);
    if (result->exchange.response_code > 0)
        text_append_format(text, "%d", result->exchange.response_code);
    text_append_format(text, "<td>%u<td>%.3f<td>", result->attempt_count,
                       (double)result->time_elapsed / (double)NANOSECONDS_PER_SECOND);
    quantity_append_size(text, (uint64_t)result->exchange.size_download);
    text_append_string(text, "<td>");
    put_made(text, plain_subject, result);
    if (result->status != RESULT_OK)
        put_reason(text, result);
    put_other_checks(text, result);
    if (result->attempt_count > 1)
        put_attempts(text, result);
    text_append_byte(text, '\n');
}

static bool goes_first(const struct result *result)
{
    return result_status_is_bad(result->status);
}

static void result(struct text *text, const struct result *result, uint64_t number)
{
    if (number == 1)
        text_append_format(text, "<section id=\"%s\"><h2>%s</h2>\n%s", goes_first(result) ? "failures" : "transfers",
                           goes_first(result) ? "Failures" : "Transfers", JOBS_START);
    if (number <= ROWS_MAXIMUM)
        put_row(text, result);
}

static void end_rows(struct text *text, uint64_t count)
{
    if (count == 0)
        return;
    text_append_string(text, JOBS_END);
    if (count > ROWS_MAXIMUM) {
        text_append_string(text, "<p class=\"note\">These are the first ");
        quantity_append_count(text, ROWS_MAXIMUM);
        text_append_string(text, " of ");
        quantity_append_count(text, count);
        text_append_string(text, "; reports in other formats have them all.</p>\n");
    }
    text_append_string(text, "</section>\n");
}

static void middle(struct text *text, const struct waterfall *waterfall, const struct totals *totals)
{
    end_rows(text, count_bad(totals));
    html_append_origins(text, totals);
    html_append_waterfall(text, waterfall);
}

static void end(struct text *text, const struct totals *totals, const struct run_end *end)
{
    (void)end;
    end_rows(text, totals->total - count_bad(totals));
    text_append_string(text, "</main>\n<script>" HTML_SCRIPT "</script></body></html>\n");
}

const struct format format_html = {
    .name = "html",
    .extension = ".html",
    .head_room = 32 * 1024,
    .head = head,
    .begin = begin,
    .result = result,
    .goes_first = goes_first,
    .middle = middle,
    .end = end,
};

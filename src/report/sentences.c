#include "sentences.h"

#include "quantity.h"
#include "redact.h"
#include "shown.h"

#include <haul/base/clock.h>

static void append_line(struct text *lines, struct slice sentence)
{
    shown_append(lines, sentence);
    text_append_byte(lines, '\n');
}

static struct slice url_of(const struct result *result)
{
    return slice_of(result->url ? result->url : result->job->url);
}

/* A bad line may have no URL: then the line itself is what the sentence is about. */
static void append_subject(struct text *sentence, const struct result *result)
{
    if (url_of(result).length > 0)
        redact_url(sentence, url_of(result));
    else
        text_append_string(sentence, result->job->source);
}

static void append_message(struct text *sentence, const struct failure *failure)
{
    text_append_string(sentence, ": ");
    redact_sentence(sentence, slice_of(failure->message));
}

static void append_success(struct text *sentence, const struct result *result)
{
    if (result->file.path)
        text_append_format(sentence, " -> %s", result->file.path);
    text_append_string(sentence, " (");
    quantity_append_size(sentence, result->exchange.size_download > 0 ? (uint64_t)result->exchange.size_download : 0);
    text_append_string(sentence, " in ");
    quantity_append_duration(sentence, result->time_elapsed);
    if (result->resumed_from > 0) {
        text_append_string(sentence, ", after ");
        quantity_append_size(sentence, (uint64_t)result->resumed_from);
        text_append_string(sentence, " that were there");
    }
    text_append_string(sentence, ")");
}

static void append_what_is_there(struct text *sentence, const struct result *result)
{
    if (result->file.path)
        text_append_format(sentence, " -> %s", result->file.path);
    if (result->reason)
        text_append_format(sentence, ": %s", result->reason);
}

static void append_failure(struct text *sentence, const struct result *result)
{
    append_message(sentence, &result->failure);
    if (result->failure.class == FAILURE_INPUT && url_of(result).length > 0)
        text_append_format(sentence, " (%s)", result->job->source);
    else if (result->attempt_count > 1)
        text_append_format(sentence, " (after %u attempts)", result->attempt_count);
}

void sentences_append_result(struct text *lines, const struct result *result)
{
    CLEANUP(text_release) struct text sentence = {0};

    text_append_format(&sentence, "%-9s ", result_status_name(result->status));
    append_subject(&sentence, result);
    if (result->status == RESULT_OK)
        append_success(&sentence, result);
    else if (result->status == RESULT_FAILED)
        append_failure(&sentence, result);
    else
        append_what_is_there(&sentence, result);
    append_line(lines, text_slice(&sentence));
}

void sentences_append_retry(struct text *lines, const char *url, int64_t wait, const struct failure *failure)
{
    CLEANUP(text_release) struct text sentence = {0};

    text_append_string(&sentence, "retrying  ");
    redact_url(&sentence, slice_of(url));
    text_append_string(&sentence, " in ");
    quantity_append_duration(&sentence, wait);
    append_message(&sentence, failure);
    append_line(lines, text_slice(&sentence));
}

void sentences_append_allowance(struct text *lines, const char *origin, unsigned at_once)
{
    CLEANUP(text_release) struct text sentence = {0};

    text_append_format(&sentence, "adapting  %s: %u at once", origin, at_once);
    append_line(lines, text_slice(&sentence));
}

void sentences_append_pause(struct text *lines, const char *origin, int64_t wait)
{
    CLEANUP(text_release) struct text sentence = {0};

    text_append_format(&sentence, "pausing   %s for ", origin);
    quantity_append_duration(&sentence, wait);
    append_line(lines, text_slice(&sentence));
}

void sentences_append_remark(struct text *lines, const char *remark)
{
    CLEANUP(text_release) struct text sentence = {0};

    text_append_string(&sentence, "haul: ");
    redact_sentence(&sentence, slice_of(remark));
    append_line(lines, text_slice(&sentence));
}

static void append_rate(struct text *sentence, uint64_t count, int64_t elapsed)
{
    double rate = (double)count / ((double)elapsed / (double)NANOSECONDS_PER_SECOND);

    text_append_format(sentence, rate < 10 ? " (%.1f/s)" : " (%.0f/s)", rate);
}

static void append_other_counts(struct text *sentence, const struct totals *totals)
{
    for (enum result_status status = RESULT_OK + 1; status < RESULT_STATUS_COUNT; status++)
        if (totals->by_result[status] > 0)
            text_append_format(sentence, ", %llu %s", (unsigned long long)totals->by_result[status],
                               result_status_name(status));
}

void sentences_append_summary(struct text *lines, const struct totals *totals, const struct run_end *end)
{
    CLEANUP(text_release) struct text sentence = {0};
    uint64_t ok = totals->by_result[RESULT_OK];

    text_append_format(&sentence, "%llu %s%s, ", (unsigned long long)ok, end->saves_nothing ? "answer" : "file",
                       ok == 1 ? "" : "s");
    quantity_append_size(&sentence, totals->bytes);
    text_append_string(&sentence, " in ");
    quantity_append_duration(&sentence, end->elapsed);
    if (ok > 0 && end->elapsed > 0)
        append_rate(&sentence, ok, end->elapsed);
    append_other_counts(&sentence, totals);
    append_line(lines, text_slice(&sentence));
}

/* The tables of the page that count: answers by their status code, failures by their class, jobs by their origin. */
#include "html.h"
#include "quantity.h"

#include <inttypes.h>
#include <stdio.h>

#define CODES_MAXIMUM 24 /* whatever servers make up */

static void put_count(struct text *text, const char *tone, const char *name, uint64_t count, uint64_t total)
{
    text_append_format(text, "<tr class=\"%s\"><th scope=\"row\">%s<td class=\"n\">", tone, name);
    quantity_append_count(text, count);
    text_append_format(text, "<td><i style=\"width:%.1f%%\"></i>\n", 100.0 * (double)count / (double)total);
}

static void begin_counts(struct text *text, const char *caption, const char *name)
{
    text_append_format(text,
                       "<table class=\"counts\"><caption>%s</caption><colgroup><col style=\"width:36%%\">"
                       "<col style=\"width:22%%\"><col></colgroup><thead hidden><tr><th scope=\"col\">%s"
                       "<th scope=\"col\">jobs<th scope=\"col\">share</thead><tbody>\n",
                       caption, name);
}

static void end_counts(struct text *text)
{
    text_append_string(text, "</tbody></table>\n");
}

static void put_codes(struct text *text, const struct totals *totals)
{
    uint64_t others = 0;
    unsigned rows = 0;

    begin_counts(text, "By status code", "code");
    for (unsigned code = 0; code < TOTALS_RESPONSE_CODES; code++) {
        uint64_t count = totals->by_response_code[code];
        char name[16];

        if (count == 0)
            continue;
        snprintf(name, sizeof name, "%u", code);
        if (rows++ < CODES_MAXIMUM)
            put_count(text, code >= 400 ? "bad" : "", code == 0 ? "no answer" : name, count, totals->total);
        else
            others += count;
    }
    if (others > 0)
        put_count(text, "", "others", others, totals->total);
    end_counts(text);
}

static void put_classes(struct text *text, const struct totals *totals)
{
    begin_counts(text, "Failures by class", "class");
    for (enum failure_class class = FAILURE_NONE + 1; class < FAILURE_CLASS_COUNT; class ++)
        if (totals->by_class[class] > 0)
            put_count(text, "bad", failure_class_name(class), totals->by_class[class], totals->total);
    end_counts(text);
}

void html_append_answers(struct text *text, const struct totals *totals)
{
    if (totals->total == 0)
        return;
    text_append_string(text, "<section><h2>Answers</h2>\n");
    put_codes(text, totals);
    if (totals->by_result[RESULT_FAILED] > 0)
        put_classes(text, totals);
    text_append_string(text, "</section>\n");
}

static void put_origin(struct text *text, struct slice name, const struct totals_origin *origin)
{
    text_append_format(text, "<tr class=\"%s\"><th scope=\"row\">", origin->ok < origin->total ? "failed" : "");
    html_append_words(text, name);
    text_append_string(text, "<td class=\"n\">");
    quantity_append_count(text, origin->total);
    text_append_string(text, "<td class=\"n\">");
    quantity_append_count(text, origin->ok);
    text_append_string(text, "<td class=\"n\">");
    quantity_append_count(text, origin->total - origin->ok);
    text_append_string(text, "<td class=\"n\">");
    quantity_append_size(text, origin->bytes);
    text_append_byte(text, '\n');
}

void html_append_origins(struct text *text, const struct totals *totals)
{
    if (totals->origin_count == 0)
        return;
    text_append_string(text,
                       "<section id=\"origins\"><h2>Origins</h2>\n<div class=\"scrolls\"><table class=\"origins\">"
                       "<thead><tr><th scope=\"col\">origin<th scope=\"col\" class=\"n\">jobs"
                       "<th scope=\"col\" class=\"n\">ok<th scope=\"col\" class=\"n\">not ok"
                       "<th scope=\"col\" class=\"n\">size</thead><tbody>\n");
    for (unsigned i = 0; i < totals->origin_count; i++)
        put_origin(text, slice_of(totals->origins[i].origin), &totals->origins[i]);
    if (totals->other.total > 0)
        put_origin(text, SLICE("others"), &totals->other);
    text_append_string(text, "</tbody></table></div></section>\n");
}

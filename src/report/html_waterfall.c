/* The section of the page that draws when transfers happened, and what each spent its time on. */
#include "html.h"
#include "plain.h"
#include "quantity.h"

#include <haul/base/clock.h>

#define PHASES 6

static const char *const phase_names[PHASES] = {"wait", "look-up", "connection", "handshake", "first byte", "body"};

static void list_phases(const struct waterfall_transfer *transfer, int64_t ret_durations[static PHASES])
{
    const struct phases *phases = &transfer->phases;

    ret_durations[0] = transfer->waited;
    ret_durations[1] = phases->lookup;
    ret_durations[2] = phases->connect;
    ret_durations[3] = phases->tls;
    ret_durations[4] = phases->blocked + phases->first_byte;
    ret_durations[5] = phases->body;
}

static double part_of(int64_t duration, int64_t whole)
{
    return whole > 0 ? 100.0 * (double)duration / (double)whole : 0;
}

static void put_bar(struct text *text, const struct waterfall_transfer *transfer, const struct waterfall *waterfall)
{
    int64_t durations[PHASES], whole = waterfall->ended_at - waterfall->begun_at;
    int64_t at = transfer->started_at - waterfall->begun_at;

    list_phases(transfer, durations);
    for (unsigned phase = 0; phase < PHASES; phase++) {
        double width = part_of(durations[phase], whole);

        if (width >= 0.01)
            text_append_format(text, "<i class=\"p%u\" style=\"left:%.2f%%;width:%.2f%%\"></i>", phase,
                               part_of(at, whole), width);
        at += durations[phase];
    }
}

static void put_tooltip(struct text *text, const struct waterfall_transfer *transfer)
{
    int64_t durations[PHASES];

    list_phases(transfer, durations);
    for (unsigned phase = 0; phase < PHASES; phase++)
        if (durations[phase] > 0)
            text_append_format(text, "%s %.3f ms&#10;", phase_names[phase],
                               (double)durations[phase] / (double)NANOSECONDS_PER_MILLISECOND);
}

static void put_transfer(struct text *text, const struct waterfall_transfer *transfer,
                         const struct waterfall *waterfall)
{
    text_append_format(text, "<tr class=\"%s\"><th scope=\"row\">", result_status_name(transfer->status));
    plain_append_xml(text, slice_of(transfer->subject));
    text_append_format(text, "<td class=\"n\">%.3f<td><div class=\"track\" title=\"",
                       (double)waterfall_duration(transfer) / (double)NANOSECONDS_PER_SECOND);
    put_tooltip(text, transfer);
    text_append_string(text, "\">");
    put_bar(text, transfer, waterfall);
    text_append_string(text, "</div>\n");
}

static void put_key(struct text *text)
{
    text_append_string(text, "<p class=\"key\">");
    for (unsigned phase = 0; phase < PHASES; phase++)
        text_append_format(text, "<span><i class=\"p%u\"></i>%s</span>", phase, phase_names[phase]);
    text_append_string(text, "</p>\n");
}

static void put_caption(struct text *text, const struct waterfall *waterfall, unsigned shown)
{
    text_append_string(text, "<caption>");
    quantity_append_count(text, shown);
    text_append_string(text, " of ");
    quantity_append_count(text, waterfall->count);
    text_append_string(text, " transfers, by the moment they began");
    if (shown < waterfall->count)
        text_append_string(text, ": some that failed, the slowest, and an even sample of all");
    text_append_string(text, ". What came before the last attempt is wait.</caption>");
}

static void put_times(struct text *text, int64_t whole)
{
    text_append_string(text, "<div class=\"axis\">");
    for (unsigned quarter = 0; quarter <= 4; quarter++)
        text_append_format(text, "<b style=\"left:%u%%\">%.3g%s</b>", quarter * 25,
                           (double)whole * quarter / 4 / (double)NANOSECONDS_PER_SECOND, quarter == 4 ? " s" : "");
    text_append_string(text, "</div>");
}

void html_append_waterfall(struct text *text, const struct waterfall *waterfall)
{
    const struct waterfall_transfer *list[WATERFALL_MAXIMUM];
    unsigned count = waterfall_list(waterfall, list);

    text_append_string(text, "<section id=\"waterfall\"><h2>Waterfall</h2>\n");
    if (count == 0) {
        text_append_string(text, "<p class=\"note\">No transfer began.</p></section>\n");
        return;
    }
    put_key(text);
    text_append_string(text, "<table class=\"waterfall\">");
    put_caption(text, waterfall, count);
    text_append_string(text,
                       "<thead><tr><th scope=\"col\">transfer<th scope=\"col\" class=\"n\">seconds<th scope=\"col\">");
    put_times(text, waterfall->ended_at - waterfall->begun_at);
    text_append_string(text, "</thead><tbody>\n");
    for (unsigned i = 0; i < count; i++)
        put_transfer(text, list[i], waterfall);
    text_append_string(text, "</tbody></table></section>\n");
}

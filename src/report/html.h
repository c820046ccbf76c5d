/* html.h - what the sections of the page have in common. */
#pragma once

#include "waterfall.h"

#include <haul/base/text.h>
#include <haul/job/totals.h>

/* Words of strangers: visible, escaped, and cut in their middle when they are longer than anyone would read. */
void html_append_words(struct text *text, struct slice words);

void html_append_latency(struct text *text, const struct totals *totals);
void html_append_answers(struct text *text, const struct totals *totals); /* by status code, by class of error */
void html_append_origins(struct text *text, const struct totals *totals);
void html_append_waterfall(struct text *text, const struct waterfall *waterfall);

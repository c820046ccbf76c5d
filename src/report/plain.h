/* plain.h - what report files say of a result, in words: valid UTF-8, secrets left out, nothing that could be taken for
 * a part of the format. */
#pragma once

#include <haul/base/text.h>
#include <haul/job/result.h>

void plain_subject(struct text *text, const struct result *result); /* its URL; the input's line when there is none */
void plain_reason(struct text *text, const struct result *result);  /* why it is not ok; nothing when it is */

/* For XML 1.0 and HTML, in text and between double quotes; what XML cannot hold becomes U+FFFD. */
void plain_append_xml(struct text *text, struct slice words);
/* A field of CSV as in RFC 4180, in quotes where it takes them.  What a spreadsheet would take for a formula gets an
 * apostrophe before it. */
void plain_append_csv(struct text *text, struct slice words);

void plain_append_seconds(struct text *text, int64_t nanoseconds);

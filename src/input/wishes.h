/* wishes.h - what a line says of the question that its URL is asked with: method, headers, content; and of the
 * answer that is wanted.
 *
 * A list may come from anybody, so it gets no more than that: what belongs to the connection or to the framing is
 * refused, and nothing is ever read from a file because a list says so.
 */
#pragma once

#include "reading.h"

void wishes_take_method(struct reading *reading, const cJSON *item);
void wishes_take_headers(struct reading *reading, const cJSON *item); /* {"Name": "value" or ["value", "value"]} */
void wishes_take_data(struct reading *reading, const cJSON *item); /* a string as it is; an object or array as JSON */

/* Where else the same may be had: an array of URLs. */
void wishes_take_mirrors(struct reading *reading, const cJSON *item);

/* What is said of the answer: which statuses are success, and what else must hold. */
void wishes_take_accept(struct reading *reading, const cJSON *item);
void wishes_take_checks(struct reading *reading, const cJSON *item);

/* What a record tells of them.  It does not tell headers and content, because they may be secrets; so a job that had
 * some cannot be made of its record. */
void wishes_take_told(struct reading *reading, const cJSON *item);

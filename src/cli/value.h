/* value.h - quantities as people write them: 500ms 2s 1.5 1m 1h; 100 64K 10M 1G. */
#pragma once

#include <haul/base/slice.h>
#include <haul/base/text.h>

#include <stdbool.h>
#include <stdint.h>

/* Fills a set of HTTP_PROTOCOL_* by a list as curl has it; NULL, or why it is none, as a sentence. */
const char *value_parse_protocols(const char *written, void *ret_protocols);

/* A bare number is seconds. */
bool value_parse_duration(struct slice written, int64_t *ret_nanoseconds);
bool value_parse_size(struct slice written, int64_t *ret_bytes); /* K, M and G are powers of 1024 */

/* The same back again, in the largest unit that needs no fraction. */
void value_append_duration(struct text *text, int64_t nanoseconds);
void value_append_size(struct text *text, int64_t bytes);

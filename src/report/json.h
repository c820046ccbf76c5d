/* json.h - writes JSON (RFC 8259) as it goes, at the end of a text.
 *
 *     struct json json = {.text = &line};
 *
 *     json_begin_object(&json);
 *     json_key(&json, "url");
 *     json_string(&json, slice_of(url));
 *     json_key(&json, "time_total");
 *     json_seconds(&json, total);
 *     json_end_object(&json);
 *
 * Puts the commas; what may stand where is up to the caller.  No white space and no newline is ever written, and what
 * is written is valid UTF-8 whatever the bytes.  Characters that are not fit to be shown are escaped (shown.h).
 */
#pragma once

#include <haul/base/slice.h>
#include <haul/base/text.h>

#include <stdbool.h>
#include <stdint.h>

struct json {
    struct text *text;
    bool comma; /* private: one is due before the next key or value */
};

void json_begin_object(struct json *json);
void json_end_object(struct json *json);
void json_begin_array(struct json *json);
void json_end_array(struct json *json);

/* A literal with nothing in it to escape; inlined, so that its length is known where it is copied. */
#define json_key(json, literal) json_key_as_written((json), SLICE(",\"" literal "\":"))
__attribute__((always_inline)) static inline void json_key_as_written(struct json *json,
                                                                      struct slice comma_quoted_colon)
{
    if (json->comma)
        text_append(json->text, comma_quoted_colon);
    else
        text_append(json->text, (struct slice){comma_quoted_colon.bytes + 1, comma_quoted_colon.length - 1});
    json->comma = false;
}

void json_key_of(struct json *json, struct slice key); /* any bytes */

/* A byte that is no part of valid UTF-8 becomes U+FFFD; control characters, C1 and DEL included, are escaped. */
void json_string(struct json *json, struct slice value);
void json_string_or_null(struct json *json, const char *value); /* NULL is null */
void json_plain_string(struct json *json, struct slice value);  /* with nothing in it to escape */

/* JSON already, valid UTF-8 without white space; what json_string would escape is escaped. */
void json_written(struct json *json, struct slice value);

void json_integer(struct json *json, int64_t value);
void json_unsigned(struct json *json, uint64_t value);
void json_digits(struct json *json, uint64_t value); /* a string of them */

/* Nanoseconds as seconds: a decimal with at most 6 digits behind the point, the rest cut off.  Or billionths of
 * anything as that. */
void json_seconds(struct json *json, int64_t nanoseconds);

void json_boolean(struct json *json, bool value);
void json_null(struct json *json);

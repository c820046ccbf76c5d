/* text.h - a string that grows.
 *
 * Starts as all zero.  `bytes` is NUL-terminated once something was appended, NULL before; it moves when the text
 * grows.  Running out of memory ends the process (memory.h).
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/base/slice.h>

#include <stdint.h>
#include <string.h>

struct text {
    char *bytes;
    size_t length;
    size_t capacity;
};

void text_release(struct text *text); /* frees and empties */
CLEANUP_VALUE(text_release, struct text)

void text_clear(struct text *text);             /* empties, keeps the memory */
void text_grow(struct text *text, size_t more); /* as text_reserve, when there is no room */
void text_append_string(struct text *text, const char *string);
void text_append_unsigned(struct text *text, uint64_t value); /* in decimal digits */
void text_append_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *text_take(struct text *text); /* the caller's to free; never NULL; the text is empty again */

/* Room for `more` bytes and a NUL. */
static inline void text_reserve(struct text *text, size_t more)
{
    if (text->capacity - text->length <= more)
        text_grow(text, more);
}

/* Always inline because records are made of hundreds of short pieces, most of them of a known length. */
__attribute__((always_inline)) static inline void text_append(struct text *text, struct slice slice)
{
    text_reserve(text, slice.length);
    if (slice.length > 0)
        memcpy(text->bytes + text->length, slice.bytes, slice.length);
    text->length += slice.length;
    text->bytes[text->length] = '\0';
}

static inline void text_append_byte(struct text *text, char byte)
{
    text_append(text, (struct slice){&byte, 1});
}

static inline struct slice text_slice(const struct text *text)
{
    return (struct slice){text->bytes, text->length};
}

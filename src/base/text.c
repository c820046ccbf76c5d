#include <haul/base/digits.h>
#include <haul/base/memory.h>
#include <haul/base/text.h>

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MINIMUM 64
#define DIGITS_MAXIMUM   20

void text_release(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->bytes)
        text->bytes[0] = '\0';
}

void text_grow(struct text *text, size_t more)
{
    size_t capacity = text->capacity > 0 ? text->capacity : CAPACITY_MINIMUM;

    if (more >= SIZE_MAX / 2 - text->length)
        memory_exhausted(more);
    while (capacity <= text->length + more)
        capacity *= 2;
    text->bytes = memory_resize(text->bytes, capacity);
    text->bytes[text->length] = '\0';
    text->capacity = capacity;
}

void text_append_string(struct text *text, const char *string)
{
    text_append(text, slice_of(string));
}

/* What is copied has a fixed length, so some of it may be behind the digits. */
void text_append_unsigned(struct text *text, uint64_t value)
{
    char digits[2 * DIGITS_MAXIMUM] = "", *end = digits + DIGITS_MAXIMUM, *start = end;

    for (; value >= 10; value /= 100)
        digits_put_pair(start -= 2, (unsigned)(value % 100));
    if (value > 0 || start == end)
        *--start = (char)('0' + value);
    text_reserve(text, DIGITS_MAXIMUM);
    memcpy(text->bytes + text->length, start, DIGITS_MAXIMUM);
    text->length += (size_t)(end - start);
    text->bytes[text->length] = '\0';
}

void text_append_format(struct text *text, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted(0);

    text_reserve(text, (size_t)length);
    va_start(arguments, format);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)length;
}

char *text_take(struct text *text)
{
    char *bytes = text->bytes ? text->bytes : memory_copy_string("");

    *text = (struct text){0};
    return bytes;
}

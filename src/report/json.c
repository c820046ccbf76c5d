#include "json.h"

#include "shown.h"

#include <haul/base/block.h>
#include <haul/base/clock.h>
#include <haul/base/digits.h>
#include <haul/base/utf8.h>

#include <string.h>

static void put(struct json *json, struct slice bytes)
{
    text_append(json->text, bytes);
}

static void separate(struct json *json)
{
    if (json->comma)
        put(json, SLICE(","));
    json->comma = true;
}

static void begin(struct json *json, struct slice bracket)
{
    separate(json);
    put(json, bracket);
    json->comma = false;
}

static void end(struct json *json, struct slice bracket)
{
    put(json, bracket);
    json->comma = true;
}

void json_begin_object(struct json *json)
{
    begin(json, SLICE("{"));
}

void json_end_object(struct json *json)
{
    end(json, SLICE("}"));
}

void json_begin_array(struct json *json)
{
    begin(json, SLICE("["));
}

void json_end_array(struct json *json)
{
    end(json, SLICE("]"));
}

/* Below 0x10000. */
static void put_escape(struct json *json, uint32_t control)
{
    static const char short_forms[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    static const char digits[] = "0123456789abcdef";
    char bytes[] = {'\\',
                    'u',
                    digits[control >> 12 & 0xf],
                    digits[control >> 8 & 0xf],
                    digits[control >> 4 & 0xf],
                    digits[control & 0xf]};

    if (control < sizeof short_forms && short_forms[control]) {
        bytes[1] = short_forms[control];
        put(json, (struct slice){bytes, 2});
    } else if (control == '"' || control == '\\') {
        bytes[1] = (char)control;
        put(json, (struct slice){bytes, 2});
    } else {
        put(json, (struct slice){bytes, sizeof bytes});
    }
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static bool block_is_plain(block bytes)
{
    return !block_is_any((block)((bytes < 0x20) | (bytes > 0x7e) | (bytes == '"') | (bytes == '\\')));
}

/* Writes `bytes` to where they belong, if they are plain. */
static bool put_block(char *to, block bytes)
{
    if (!block_is_plain(bytes))
        return false;
    memcpy(to, &bytes, sizeof bytes);
    return true;
}

/* The plain bytes at the beginning of `rest`; gives how many.  The last of them come with bytes before them, or with
 * blanks behind them, as a whole block. */
static size_t put_plain(struct text *text, struct slice rest)
{
    size_t length = 0, last;
    char *to;

    text_reserve(text, rest.length + sizeof(block));
    to = text->bytes + text->length;
    while (rest.length - length > sizeof(block) && put_block(to + length, block_of(slice_from(rest, length))))
        length += sizeof(block);
    last = rest.length > sizeof(block) ? rest.length - sizeof(block) : 0;
    if (rest.length - length <= sizeof(block) && put_block(to + last, block_of(slice_from(rest, last))))
        length = rest.length;
    for (; length < rest.length && is_plain((unsigned char)rest.bytes[length]); length++)
        to[length] = rest.bytes[length];
    text->length += length;
    return length;
}

/* The character that stands at the beginning of `rest`; gives how many bytes it took. */
static size_t put_character(struct json *json, struct slice rest)
{
    uint32_t character;
    size_t length = utf8_decode(rest, &character);

    if (length == 0) {
        put(json, SLICE("\xef\xbf\xbd"));
        return 1;
    }
    if (character == '"' || character == '\\' || !shown_as_it_is(character))
        put_escape(json, character);
    else
        put(json, (struct slice){rest.bytes, length});
    return length;
}

static void put_quoted(struct json *json, struct slice rest)
{
    put(json, SLICE("\""));
    while (rest.length > 0) {
        rest = slice_from(rest, put_plain(json->text, rest));
        if (rest.length > 0)
            rest = slice_from(rest, put_character(json, rest));
    }
    put(json, SLICE("\""));
}

void json_key_of(struct json *json, struct slice key)
{
    separate(json);
    put_quoted(json, key);
    put(json, SLICE(":"));
    json->comma = false;
}

void json_string(struct json *json, struct slice value)
{
    separate(json);
    put_quoted(json, value);
}

void json_string_or_null(struct json *json, const char *value)
{
    if (value)
        json_string(json, slice_of(value));
    else
        json_null(json);
}

void json_plain_string(struct json *json, struct slice value)
{
    separate(json);
    put(json, SLICE("\""));
    put(json, value);
    put(json, SLICE("\""));
}

void json_written(struct json *json, struct slice value)
{
    separate(json);
    while (value.length > 0) {
        uint32_t character = 0;
        size_t length = utf8_decode(value, &character);

        if (character >= 0x7f && character <= 0x9f)
            text_append_format(json->text, "\\u%04x", character);
        else
            put(json, (struct slice){value.bytes, length > 0 ? length : 1});
        value = slice_from(value, length > 0 ? length : 1);
    }
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static void put_digits(struct json *json, bool negative, uint64_t value)
{
    if (negative)
        put(json, SLICE("-"));
    text_append_unsigned(json->text, value);
}

void json_integer(struct json *json, int64_t value)
{
    separate(json);
    put_digits(json, value < 0, magnitude(value));
}

void json_unsigned(struct json *json, uint64_t value)
{
    separate(json);
    put_digits(json, false, value);
}

void json_digits(struct json *json, uint64_t value)
{
    separate(json);
    put(json, SLICE("\""));
    text_append_unsigned(json->text, value);
    put(json, SLICE("\""));
}

static void put_fraction(struct json *json, unsigned microseconds)
{
    char fraction[7] = ".";
    size_t length = sizeof fraction;

    if (microseconds == 0)
        return;
    digits_put_six(fraction + 1, microseconds);
    while (fraction[length - 1] == '0')
        length--;
    put(json, (struct slice){fraction, length});
}

void json_seconds(struct json *json, int64_t nanoseconds)
{
    uint64_t microseconds = magnitude(nanoseconds) / NANOSECONDS_PER_MICROSECOND;

    separate(json);
    put_digits(json, nanoseconds < 0 && microseconds > 0, microseconds / 1000000);
    put_fraction(json, (unsigned)(microseconds % 1000000));
}

void json_boolean(struct json *json, bool value)
{
    separate(json);
    put(json, value ? SLICE("true") : SLICE("false"));
}

void json_null(struct json *json)
{
    separate(json);
    put(json, SLICE("null"));
}

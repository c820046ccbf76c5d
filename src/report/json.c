#include "json.h"

#include "shown.h"

#include <haul/base/clock.h>
#include <haul/base/utf8.h>

#include <string.h>

#define NUMBER_MAXIMUM 24 /* characters: a sign, 19 digits, or 10 digits, a point and 6 */

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

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight at a time, as most are.  An eighth bit comes out where the byte had one, or was less than what was taken from
 * it; a borrow may set more, but only behind such a byte. */
static bool eight_are_plain(const char *bytes)
{
    uint64_t word;

    memcpy(&word, bytes, sizeof word);
    return ((word | (word - EACH(0x20)) | ((word ^ EACH(0x7f)) - EACH(1)) | ((word ^ EACH('"')) - EACH(1)) |
             ((word ^ EACH('\\')) - EACH(1))) &
            EACH(0x80)) == 0;
}

static size_t plain_length(struct slice slice)
{
    size_t length = 0;

    while (slice.length - length >= sizeof(uint64_t) && eight_are_plain(slice.bytes + length))
        length += sizeof(uint64_t);
    while (length < slice.length && is_plain((unsigned char)slice.bytes[length]))
        length++;
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
        size_t plain = plain_length(rest);

        put(json, (struct slice){rest.bytes, plain});
        rest = slice_from(rest, plain);
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

/* Writes the digits so that they end at `end`; gives where they begin. */
static char *digits_before(char *end, uint64_t value)
{
    do {
        *--end = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    return end;
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static void put_digits(struct json *json, bool negative, uint64_t value)
{
    char number[NUMBER_MAXIMUM];
    char *end = number + sizeof number;
    char *start = digits_before(end, value);

    if (negative)
        *--start = '-';
    put(json, (struct slice){start, (size_t)(end - start)});
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

static void put_fraction(struct json *json, unsigned microseconds)
{
    char fraction[7] = ".000000";
    size_t length = sizeof fraction;

    digits_before(fraction + sizeof fraction, microseconds);
    while (fraction[length - 1] == '0')
        length--;
    if (length > 1)
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

#include "hexadecimal.h"

#include <haul/base/text.h>
#include <haul/base/utf8.h>
#include <haul/job/disposition.h>

struct suggestions {
    struct text plain, extended;
    bool has_plain, has_extended;
};

static void append_latin_1(struct text *text, unsigned char byte)
{
    if (byte >= 0x80)
        text_append_byte(text, (char)(0xc0 | byte >> 6));
    text_append_byte(text, (char)(byte >= 0x80 ? 0x80 | (byte & 0x3f) : byte));
}

/* False: a '%' without two digits, or a byte that has to be encoded. */
static bool decode_percent(struct text *text, struct slice encoded, bool latin_1)
{
    while (encoded.length > 0) {
        int byte = (unsigned char)encoded.bytes[0];

        if (byte <= ' ' || byte >= 0x7f || byte == '"')
            return false;
        if (byte == '%') {
            int high = encoded.length >= 3 ? hexadecimal_digit(encoded.bytes[1]) : -1;
            int low = encoded.length >= 3 ? hexadecimal_digit(encoded.bytes[2]) : -1;

            if (high < 0 || low < 0)
                return false;
            byte = high << 4 | low;
        }
        encoded = slice_from(encoded, encoded.bytes[0] == '%' ? 3 : 1);
        if (latin_1)
            append_latin_1(text, (unsigned char)byte);
        else
            text_append_byte(text, (char)byte);
    }
    return utf8_is_valid(text_slice(text));
}

/* CHARSET'LANGUAGE'VALUE (RFC 8187, 3.2) */
static bool decode_extended(struct text *text, struct slice value)
{
    struct slice charset, language;
    bool latin_1;

    if (!slice_cut(value, '\'', &charset, &value) || !slice_cut(value, '\'', &language, &value))
        return false;
    latin_1 = slice_equal_ignoring_case(charset, SLICE("ISO-8859-1"));
    if (!latin_1 && !slice_equal_ignoring_case(charset, SLICE("UTF-8")))
        return false;
    return decode_percent(text, value, latin_1);
}

/* Bytes that are no UTF-8 are ISO-8859-1, which headers once were. */
static void append_plain(struct text *text, struct slice value)
{
    bool latin_1 = !utf8_is_valid(value);

    for (size_t i = 0; i < value.length; i++)
        if (latin_1)
            append_latin_1(text, (unsigned char)value.bytes[i]);
        else
            text_append_byte(text, value.bytes[i]);
}

/* Takes "..." off the rest, which begins behind the first quote.  False: it does not end. */
static bool take_quoted(struct slice *rest, struct text *text)
{
    while (rest->length > 0) {
        char byte = rest->bytes[0];

        *rest = slice_from(*rest, 1);
        if (byte == '"')
            return true;
        if (byte == '\\' && rest->length > 0) {
            byte = rest->bytes[0];
            *rest = slice_from(*rest, 1);
        }
        text_append_byte(text, byte);
    }
    return false;
}

/* Takes a value off the rest, up to the next ';' or the end.  False: it is not well formed. */
static bool take_value(struct slice *rest, struct text *value, bool *ret_quoted)
{
    struct slice bare;

    *rest = slice_trim(*rest);
    *ret_quoted = slice_starts_with(*rest, SLICE("\""));
    if (*ret_quoted) {
        *rest = slice_from(*rest, 1);
        if (!take_quoted(rest, value))
            return false;
    }
    slice_cut(*rest, ';', &bare, rest);
    bare = slice_trim(bare);
    if (*ret_quoted)
        return bare.length == 0;
    text_append(value, bare);
    return !slice_contains_byte(bare, '"');
}

static void note(struct suggestions *suggestions, struct slice name, struct slice value, bool quoted)
{
    if (slice_equal_ignoring_case(name, SLICE("filename")) && !suggestions->has_plain) {
        suggestions->has_plain = true;
        append_plain(&suggestions->plain, value);
    } else if (slice_equal_ignoring_case(name, SLICE("filename*")) && !suggestions->has_extended && !quoted) {
        suggestions->has_extended = decode_extended(&suggestions->extended, value);
        if (!suggestions->has_extended)
            text_clear(&suggestions->extended);
    }
}

static void read_parameters(struct suggestions *suggestions, struct slice rest)
{
    while (rest.length > 0) {
        CLEANUP(text_release) struct text value = {0};
        size_t end = 0;
        struct slice name;
        bool quoted, fine;

        while (end < rest.length && rest.bytes[end] != '=' && rest.bytes[end] != ';')
            end++;
        name = slice_trim((struct slice){rest.bytes, end});
        if (end == rest.length || rest.bytes[end] == ';') {
            rest = slice_from(rest, end + 1); /* the type, or a word alone */
            continue;
        }
        rest = slice_from(rest, end + 1);
        fine = take_value(&rest, &value, &quoted);
        if (fine)
            note(suggestions, name, text_slice(&value), quoted);
        else if (quoted)
            return; /* where it goes on is anybody's guess */
    }
}

const char *disposition_name(struct arena *arena, struct slice header, enum naming_reason *ret_reason)
{
    CLEANUP(text_release) struct text plain = {0}, extended = {0};
    struct suggestions suggestions = {.has_plain = false};
    const char *name = NULL;

    read_parameters(&suggestions, header);
    plain = suggestions.plain;
    extended = suggestions.extended;
    if (suggestions.has_extended)
        name = naming_from_server(arena, text_slice(&extended), ret_reason);
    return name || !suggestions.has_plain ? name : naming_from_server(arena, text_slice(&plain), ret_reason);
}

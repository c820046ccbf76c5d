#include "plain.h"

#include "redact.h"

#include <haul/base/clock.h>
#include <haul/base/utf8.h>

#define REPLACEMENT SLICE("\xef\xbf\xbd")

void plain_subject(struct text *text, const struct result *result)
{
    const char *url = result->url ? result->url : result->job->url;

    if (url && *url)
        redact_url(text, slice_of(url));
    else
        text_append_string(text, result->job->source);
}

void plain_reason(struct text *text, const struct result *result)
{
    if (result->failure.class != FAILURE_NONE)
        redact_sentence(text, slice_of(result->failure.message));
    else if (result->reason)
        text_append_string(text, result->reason);
}

static bool stands_in_xml(uint32_t character)
{
    return character == '\t' || character == '\n' || character == '\r' ||
           (character >= 0x20 && character != 0xfffe && character != 0xffff);
}

/* The character at the beginning of `words`, or U+FFFD in its place; gives what is behind it. */
static struct slice take_character(struct slice words, struct slice *ret_character)
{
    uint32_t character;
    size_t length = utf8_decode(words, &character);

    *ret_character = length > 0 && stands_in_xml(character) ? (struct slice){words.bytes, length} : REPLACEMENT;
    return slice_from(words, length > 0 ? length : 1);
}

static struct slice escape_of(struct slice character)
{
    switch (character.bytes[0]) {
    case '&':
        return SLICE("&amp;");
    case '<':
        return SLICE("&lt;");
    case '>':
        return SLICE("&gt;");
    case '"':
        return SLICE("&quot;");
    case '\'':
        return SLICE("&#39;");
    case '\t':
        return SLICE("&#9;");
    case '\n':
        return SLICE("&#10;");
    case '\r':
        return SLICE("&#13;");
    default:
        return character;
    }
}

void plain_append_xml(struct text *text, struct slice words)
{
    struct slice character;

    while (words.length > 0) {
        words = take_character(words, &character);
        text_append(text, escape_of(character));
    }
}

static bool takes_quotes(struct slice words)
{
    return slice_contains_byte(words, '"') || slice_contains_byte(words, ',') || slice_contains_byte(words, '\r') ||
           slice_contains_byte(words, '\n');
}

/* Some spreadsheets take the full-width signs for the others.  "-:12", a line of standard input, is no formula. */
static bool begins_as_formula(struct slice words)
{
    static const char *const starts[] = {
        "=", "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"};

    if (slice_starts_with(words, SLICE("-:")))
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (slice_starts_with(words, slice_of(starts[i])))
            return true;
    return false;
}

void plain_append_csv(struct text *text, struct slice words)
{
    bool quoted = takes_quotes(words);
    struct slice character;

    if (quoted)
        text_append_byte(text, '"');
    if (begins_as_formula(words))
        text_append_byte(text, '\'');
    while (words.length > 0) {
        words = take_character(words, &character);
        if (character.bytes[0] == '"')
            text_append_byte(text, '"');
        text_append(text, character);
    }
    if (quoted)
        text_append_byte(text, '"');
}

void plain_append_seconds(struct text *text, int64_t nanoseconds)
{
    int64_t microseconds = nanoseconds / NANOSECONDS_PER_MICROSECOND;

    text_append_format(text, "%lld.%06lld", (long long)(microseconds / 1000000), (long long)(microseconds % 1000000));
}

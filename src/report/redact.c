#include "redact.h"

#include <haul/base/block.h>
#include <haul/base/utf8.h>
#include <haul/job/field.h>

#include <string.h>

static size_t length_until(struct slice slice, const char *stops)
{
    size_t length = 0;

    while (length < slice.length && (slice.bytes[length] == '\0' || !strchr(stops, slice.bytes[length])))
        length++;
    return length;
}

static struct slice first(struct slice slice, size_t length)
{
    return (struct slice){slice.bytes, length};
}

/* How much stands before the authority: "https://", "//", or nothing when the URL has no scheme. */
static size_t length_before_authority(struct slice url)
{
    size_t length = length_until(url, ":/?#@");

    if (length + 1 < url.length && url.bytes[length] == ':' && url.bytes[length + 1] == '/')
        length++;
    else
        length = 0;
    while (length < url.length && url.bytes[length] == '/')
        length++;
    return length;
}

static size_t length_of_user_info(struct slice authority)
{
    const char *at = authority.length > 0 ? memrchr(authority.bytes, '@', authority.length) : NULL;

    return at ? (size_t)(at - authority.bytes) : 0;
}

static size_t plain_length(struct slice slice)
{
    size_t length = 0;

    while (length < slice.length && slice.bytes[length] >= 0x20 && slice.bytes[length] < 0x7f)
        length++;
    return length;
}

static void append_percent_encoded(struct text *text, struct slice bytes)
{
    for (size_t i = 0; i < bytes.length; i++)
        text_append_format(text, "%%%02X", (unsigned char)bytes.bytes[i]);
}

static void append_url_bytes(struct text *text, struct slice rest)
{
    while (rest.length > 0) {
        size_t length = plain_length(rest);
        uint32_t character = 0;

        text_append(text, first(rest, length));
        rest = slice_from(rest, length);
        if (rest.length == 0)
            return;
        length = utf8_decode(rest, &character);
        if (length > 0 && character >= 0xa0)
            text_append(text, first(rest, length));
        else
            append_percent_encoded(text, first(rest, length > 0 ? length : 1));
        rest = slice_from(rest, length > 0 ? length : 1);
    }
}

void redact_url(struct text *text, struct slice url)
{
    size_t before = length_before_authority(url);
    struct slice rest = slice_from(url, before);
    size_t secret = length_of_user_info(first(rest, length_until(rest, "/?#")));

    append_url_bytes(text, first(url, before));
    if (secret > 0)
        text_append(text, REDACTED);
    append_url_bytes(text, slice_from(rest, secret));
}

bool redact_leaves_url(struct slice url)
{
    for (; url.length > 0; url = slice_from(url, sizeof(block))) {
        block bytes = block_of(url);

        if (block_is_any((block)((bytes < ' ') | (bytes > '~') | (bytes == '@'))))
            return false;
    }
    return true;
}

void redact_sentence(struct text *text, struct slice rest)
{
    const char *mark;

    while ((mark = slice_find(rest, SLICE("://")))) {
        size_t before = (size_t)(mark - rest.bytes) + 3;
        struct slice after = slice_from(rest, before);
        size_t secret = length_of_user_info(first(after, length_until(after, "/?# '\"")));

        text_append(text, first(rest, before));
        if (secret > 0)
            text_append(text, REDACTED);
        rest = slice_from(after, secret);
    }
    text_append(text, rest);
}

bool redact_is_secret_header(struct slice name)
{
    return field_is_secret(name);
}

bool redact_is_url_header(struct slice name)
{
    return slice_equal_ignoring_case(name, SLICE("location")) ||
           slice_equal_ignoring_case(name, SLICE("content-location"));
}

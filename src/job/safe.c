#include "safe.h"

#include "hexadecimal.h"

#include <haul/base/utf8.h>
#include <haul/job/naming.h>

#define EXTENSION_MAXIMUM 16

static bool is_unsafe(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        /* controls, and what separates paths somewhere */
        {0, 0x1f},
        {'/', '/'},
        {'\\', '\\'},
        {0x7f, 0x9f},
        /* marks that turn the direction of text, separators of lines, the byte order mark */
        {0x61c, 0x61c},
        {0x200e, 0x200f},
        {0x2028, 0x202e},
        {0x2066, 0x2069},
        {0xfeff, 0xfeff},
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    return false;
}

struct slice safe_extension(struct slice name)
{
    struct slice stem, extension;

    if (!slice_cut_last(name, '.', &stem, &extension) || stem.length == 0 || extension.length == 0)
        return (struct slice){0};
    return slice_from(name, stem.length);
}

void safe_append_shortened(struct text *text, struct slice name)
{
    struct slice extension = safe_extension(name);

    if (name.length <= NAMING_MAXIMUM) {
        text_append(text, name);
        return;
    }
    if (extension.length > EXTENSION_MAXIMUM)
        extension = (struct slice){0};
    text_append(text, utf8_cut(name, NAMING_MAXIMUM - extension.length));
    text_append(text, extension);
}

static void replace_unsafe(struct text *text, struct slice name)
{
    while (name.length > 0) {
        uint32_t code_point = 0;
        size_t length = utf8_decode(name, &code_point);

        if (length == 0 || is_unsafe(code_point))
            text_append_byte(text, SAFE_REPLACEMENT);
        else
            text_append(text, (struct slice){name.bytes, length});
        name = slice_from(name, length ? length : 1);
    }
}

void safe_append(struct text *text, struct slice name)
{
    CLEANUP(text_release) struct text safe = {0};

    replace_unsafe(&safe, name);
    if (safe.length > 0 && (safe.bytes[0] == '.' || safe.bytes[0] == '-'))
        safe.bytes[0] = SAFE_REPLACEMENT;
    safe_append_shortened(text, text_slice(&safe));
}

static bool starts_with_escape(struct slice slice)
{
    return slice.length >= 3 && slice.bytes[0] == '%' && hexadecimal_digit(slice.bytes[1]) >= 0 &&
           hexadecimal_digit(slice.bytes[2]) >= 0;
}

void safe_append_percent_decoded(struct text *text, struct slice encoded)
{
    while (encoded.length > 0) {
        if (starts_with_escape(encoded)) {
            text_append_byte(text,
                             (char)(hexadecimal_digit(encoded.bytes[1]) << 4 | hexadecimal_digit(encoded.bytes[2])));
            encoded = slice_from(encoded, 3);
        } else {
            text_append_byte(text, encoded.bytes[0]);
            encoded = slice_from(encoded, 1);
        }
    }
}

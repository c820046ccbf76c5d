#include <haul/base/utf8.h>

#define SEQUENCE_MAXIMUM 4

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return 3;
    return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

static bool is_overlong(uint32_t code_point, size_t length)
{
    return (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
}

static bool is_surrogate(uint32_t code_point)
{
    return code_point >= 0xd800 && code_point <= 0xdfff;
}

size_t utf8_decode(struct slice slice, uint32_t *ret_code_point)
{
    unsigned char lead = slice.length > 0 ? (unsigned char)slice.bytes[0] : 0;
    size_t length = sequence_length(lead);
    uint32_t code_point = length > 1 ? lead & (0x7fU >> length) : lead;

    if (length == 0 || length > slice.length)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(slice.bytes[i]))
            return 0;
        code_point = code_point << 6 | ((unsigned char)slice.bytes[i] & 0x3f);
    }
    if (is_overlong(code_point, length) || is_surrogate(code_point) || code_point > 0x10ffff)
        return 0;
    *ret_code_point = code_point;
    return length;
}

bool utf8_is_valid(struct slice slice)
{
    uint32_t code_point;

    while (slice.length > 0) {
        size_t length = utf8_decode(slice, &code_point);

        if (length == 0)
            return false;
        slice = slice_from(slice, length);
    }
    return true;
}

struct slice utf8_cut(struct slice slice, size_t maximum)
{
    size_t length = maximum;

    if (slice.length <= maximum)
        return slice;
    while (length > 0 && maximum - length < SEQUENCE_MAXIMUM && is_continuation(slice.bytes[length]))
        length--;
    return (struct slice){slice.bytes, length};
}

#include <haul/base/block.h>
#include <haul/base/slice.h>

#include <string.h>

bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static char to_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool slice_equal_ignoring_case(struct slice a, struct slice b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (to_lower(a.bytes[i]) != to_lower(b.bytes[i]))
            return false;
    return true;
}

bool slice_starts_with(struct slice slice, struct slice prefix)
{
    return slice.length >= prefix.length && slice_equal((struct slice){slice.bytes, prefix.length}, prefix);
}

bool slice_ends_with(struct slice slice, struct slice suffix)
{
    return slice.length >= suffix.length && slice_equal(slice_from(slice, slice.length - suffix.length), suffix);
}

bool slice_contains_byte(struct slice slice, char byte)
{
    return slice.length > 0 && memchr(slice.bytes, byte, slice.length);
}

const char *slice_find(struct slice slice, struct slice part)
{
    return slice.length > 0 ? memmem(slice.bytes, slice.length, part.bytes, part.length) : NULL;
}

bool slice_has_control_character(struct slice slice)
{
    for (; slice.length > 0; slice = slice_from(slice, sizeof(block))) {
        block bytes = block_of(slice);

        if (block_is_any((block)((bytes < ' ') | (bytes == 0x7f))))
            return true;
    }
    return false;
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct slice slice_trim(struct slice slice)
{
    while (slice.length > 0 && is_space(slice.bytes[0]))
        slice = slice_from(slice, 1);
    while (slice.length > 0 && is_space(slice.bytes[slice.length - 1]))
        slice.length--;
    return slice;
}

static void cut_at(struct slice slice, const char *separator, struct slice *ret_head, struct slice *ret_tail)
{
    size_t length = (size_t)(separator - slice.bytes);

    *ret_head = (struct slice){slice.bytes, length};
    *ret_tail = slice_from(slice, length + 1);
}

bool slice_cut(struct slice slice, char separator, struct slice *ret_head, struct slice *ret_tail)
{
    const char *found = slice.length > 0 ? memchr(slice.bytes, separator, slice.length) : NULL;

    if (!found) {
        *ret_head = slice;
        *ret_tail = (struct slice){0};
        return false;
    }
    cut_at(slice, found, ret_head, ret_tail);
    return true;
}

bool slice_cut_last(struct slice slice, char separator, struct slice *ret_head, struct slice *ret_tail)
{
    const char *found = slice.length > 0 ? memrchr(slice.bytes, separator, slice.length) : NULL;

    if (!found) {
        *ret_head = (struct slice){0};
        *ret_tail = slice;
        return false;
    }
    cut_at(slice, found, ret_head, ret_tail);
    return true;
}

bool slice_to_unsigned(struct slice slice, unsigned long long maximum, unsigned long long *ret_number)
{
    unsigned long long number = 0;

    if (slice.length == 0)
        return false;
    for (size_t i = 0; i < slice.length; i++) {
        unsigned digit = (unsigned char)slice.bytes[i] - (unsigned)'0';

        if (digit > 9 || digit > maximum || number > (maximum - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return true;
}

#include <haul/job/checksum.h>

static bool is_hex_digit(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

bool checksum_is_hex(struct slice slice)
{
    for (size_t i = 0; i < slice.length; i++)
        if (!is_hex_digit(slice.bytes[i]))
            return false;
    return slice.length > 0 && slice.length % 2 == 0;
}

bool checksum_parse(struct slice written, struct checksum *ret_checksum)
{
    struct checksum checksum = {.algorithm = {.length = 0}};
    bool has_both = slice_cut(written, '=', &checksum.algorithm, &checksum.hex) ||
                    slice_cut(written, ':', &checksum.algorithm, &checksum.hex);

    *ret_checksum = (struct checksum){.algorithm = {.length = 0}};
    if (!has_both || checksum.algorithm.length == 0 || !checksum_is_hex(checksum.hex) ||
        slice_has_control_character(checksum.algorithm))
        return false;
    *ret_checksum = checksum;
    return true;
}

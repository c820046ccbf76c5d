#include <haul/job/status_set.h>

#include <string.h>

#define FIRST 100
#define LAST  599

static bool parse_status(struct slice written, int *ret_status)
{
    unsigned long long status;

    if (written.length != 3 || !slice_to_unsigned(written, LAST, &status) || status < FIRST)
        return false;
    *ret_status = (int)status;
    return true;
}

static bool parse_hundred(struct slice written, int *ret_first, int *ret_last)
{
    if (written.length != 3 || memcmp(written.bytes + 1, "xx", 2) != 0 || written.bytes[0] < '1' ||
        written.bytes[0] > '5')
        return false;
    *ret_first = 100 * (written.bytes[0] - '0');
    *ret_last = *ret_first + 99;
    return true;
}

static bool parse_range(struct slice written, int *ret_first, int *ret_last)
{
    const char *dots = slice_find(written, SLICE(".."));
    size_t before = dots ? (size_t)(dots - written.bytes) : written.length;

    if (parse_hundred(written, ret_first, ret_last))
        return true;
    if (!parse_status(slice_trim((struct slice){written.bytes, before}), ret_first))
        return false;
    *ret_last = *ret_first;
    return !dots || (parse_status(slice_trim(slice_from(written, before + 2)), ret_last) && *ret_first <= *ret_last);
}

bool status_set_parse(struct slice written, struct status_set *ret_set)
{
    struct status_set set = {.given = true};
    struct slice item;
    bool more;

    do {
        int first, last;

        more = slice_cut(written, ',', &item, &written);
        if (!parse_range(slice_trim(item), &first, &last))
            return false;
        for (int status = first; status <= last; status++)
            set.bits[status / 64] |= UINT64_C(1) << status % 64;
    } while (more);
    *ret_set = set;
    return true;
}

bool status_set_has(const struct status_set *set, int status)
{
    return status >= 0 && status < 64 * STATUS_SET_WORDS && set->bits[status / 64] >> status % 64 & 1;
}

#include "value.h"

#include <haul/base/clock.h>
#include <haul/http/client.h>

#include <inttypes.h>
#include <string.h>

struct unit {
    const char *name;
    int64_t worth;
};

/* Largest first; the empty name ends them. */
static const struct unit DURATION_UNITS[] = {
    {"h", 3600 * NANOSECONDS_PER_SECOND}, {"m", 60 * NANOSECONDS_PER_SECOND}, {"s", NANOSECONDS_PER_SECOND},
    {"ms", NANOSECONDS_PER_MILLISECOND},  {"", NANOSECONDS_PER_SECOND},
};

static const struct unit SIZE_UNITS[] = {{"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}, {"", 1}};

static int64_t find_worth(const struct unit *units, struct slice name)
{
    while (units->name[0] != '\0' && !slice_equal_ignoring_case(slice_of(units->name), name))
        units++;
    return slice_equal_ignoring_case(slice_of(units->name), name) ? units->worth : 0;
}

static bool split(struct slice written, const char *number_bytes, const struct unit *units, struct slice *ret_number,
                  int64_t *ret_worth)
{
    size_t length = 0;

    while (length < written.length && written.bytes[length] != '\0' && strchr(number_bytes, written.bytes[length]))
        length++;
    *ret_number = (struct slice){written.bytes, length};
    *ret_worth = find_worth(units, slice_from(written, length));
    return *ret_worth > 0;
}

static bool parse_whole(struct slice digits, int64_t worth, int64_t *ret_value)
{
    unsigned long long number;

    if (!slice_to_unsigned(digits, (unsigned long long)(INT64_MAX / worth - 1), &number))
        return false;
    *ret_value = (int64_t)number * worth;
    return true;
}

/* Digits below what the worth can be divided into are dropped. */
static bool parse_fraction(struct slice digits, int64_t worth, int64_t *value)
{
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9')
            return false;
        worth /= 10;
        *value += (digits.bytes[i] - '0') * worth;
    }
    return digits.length > 0;
}

bool value_parse_duration(struct slice written, int64_t *ret_nanoseconds)
{
    struct slice number, whole, fraction;
    int64_t worth, value = 0;
    bool has_fraction;

    if (!split(written, "0123456789.", DURATION_UNITS, &number, &worth))
        return false;
    has_fraction = slice_cut(number, '.', &whole, &fraction);
    if ((whole.length > 0 || !has_fraction) && !parse_whole(whole, worth, &value))
        return false;
    if (has_fraction && !parse_fraction(fraction, worth, &value))
        return false;
    *ret_nanoseconds = value;
    return true;
}

bool value_parse_size(struct slice written, int64_t *ret_bytes)
{
    struct slice number;
    int64_t worth;

    return split(written, "0123456789", SIZE_UNITS, &number, &worth) && parse_whole(number, worth, ret_bytes);
}

/* The protocols of that name, also such as haul does not speak. */
static unsigned protocols_of(struct slice name)
{
    if (slice_equal_ignoring_case(name, SLICE("all")))
        return HTTP_PROTOCOL_ALL;
    if (slice_equal_ignoring_case(name, SLICE("http")))
        return HTTP_PROTOCOL_HTTP;
    return slice_equal_ignoring_case(name, SLICE("https")) ? HTTP_PROTOCOL_HTTPS : 0;
}

const char *value_parse_protocols(const char *written, void *ret_protocols)
{
    unsigned protocols = HTTP_PROTOCOL_ALL;
    struct slice name, rest = slice_of(written);

    while (rest.length > 0) {
        char how = '+';
        unsigned named;

        slice_cut(rest, ',', &name, &rest);
        if (name.length > 0 && strchr("+-=", name.bytes[0])) {
            how = name.bytes[0];
            name = slice_from(name, 1);
        }
        named = protocols_of(name);
        if (name.length == 0 || (named == 0 && how != '-'))
            return "it must be a list of http, https and all, such as =https";
        protocols = how == '-' ? protocols & ~named : how == '=' ? named : protocols | named;
    }
    if (protocols == 0)
        return "it leaves no protocol to ask over";
    *(unsigned *)ret_protocols = protocols;
    return NULL;
}

static void append_quantity(struct text *text, const struct unit *units, int64_t value)
{
    while (units->name[0] != '\0' && (value == 0 || value % units->worth != 0))
        units++;
    text_append_format(text, "%" PRId64 "%s", value / units->worth, units->name);
}

void value_append_duration(struct text *text, int64_t nanoseconds)
{
    append_quantity(text, DURATION_UNITS, nanoseconds);
}

void value_append_size(struct text *text, int64_t bytes)
{
    append_quantity(text, SIZE_UNITS, bytes);
}

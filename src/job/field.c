#include <haul/job/field.h>

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* RFC 9110, 5.6.2 */
bool field_is_token(struct slice word)
{
    static const char token_bytes[] = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    for (size_t i = 0; i < word.length; i++)
        if (word.bytes[i] == '\0' || !strchr(token_bytes, word.bytes[i]))
            return false;
    return word.length > 0;
}

bool field_is_value(struct slice value)
{
    for (size_t i = 0; i < value.length; i++)
        if (((unsigned char)value.bytes[i] < ' ' && value.bytes[i] != '\t') || value.bytes[i] == '\x7f')
            return false;
    return true;
}

static bool is_one_of(struct slice name, const struct slice *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal_ignoring_case(name, names[i]))
            return true;
    return false;
}

bool field_is_reserved(struct slice name)
{
    static const struct slice names[] = {
        SLICE("connection"),
        SLICE("keep-alive"),
        SLICE("proxy-connection"),
        SLICE("proxy-authenticate"),
        SLICE("proxy-authorization"),
        SLICE("te"),
        SLICE("trailer"),
        SLICE("transfer-encoding"),
        SLICE("upgrade"),
        SLICE("content-length"),
        SLICE("expect"),
        SLICE("range"),
        SLICE("if-range"),
    };

    return is_one_of(name, names, COUNT(names));
}

bool field_is_secret(struct slice name)
{
    static const struct slice names[] = {
        SLICE("authorization"),
        SLICE("cookie"),
        SLICE("set-cookie"),
        SLICE("proxy-authorization"),
    };

    return is_one_of(name, names, COUNT(names));
}

#include "plain_url.h"

#include <arpa/inet.h>
#include <string.h>

#define PORT_MAXIMUM 65535

enum { IN_HOST = 1, IN_PATH = 2, IN_QUERY = 4 };

static const unsigned char places[256] = {
    ['a' ... 'z'] = IN_HOST | IN_PATH | IN_QUERY,
    ['0' ... '9'] = IN_HOST | IN_PATH | IN_QUERY,
    ['A' ... 'Z'] = IN_PATH | IN_QUERY,
    ['-'] = IN_HOST | IN_PATH | IN_QUERY,
    ['.'] = IN_HOST | IN_PATH | IN_QUERY,
    ['_'] = IN_PATH | IN_QUERY,
    ['~'] = IN_PATH | IN_QUERY,
    ['/'] = IN_PATH | IN_QUERY,
    [','] = IN_PATH | IN_QUERY,
    [':'] = IN_PATH | IN_QUERY,
    ['+'] = IN_PATH | IN_QUERY,
    ['='] = IN_PATH | IN_QUERY,
    ['&'] = IN_QUERY,
    ['?'] = IN_QUERY,
};

/* Cuts off what stands at the beginning. */
static struct slice take(struct slice *rest, unsigned char place)
{
    struct slice taken = {rest->bytes, 0};

    while (taken.length < rest->length && places[(unsigned char)rest->bytes[taken.length]] & place)
        taken.length++;
    *rest = slice_from(*rest, taken.length);
    return taken;
}

static bool take_literal(struct slice *rest, struct slice literal)
{
    if (!slice_starts_with(*rest, literal))
        return false;
    *rest = slice_from(*rest, literal.length);
    return true;
}

/* Not to be mistaken for a number in one of the many forms of IPv4 addresses. */
static bool is_name(struct slice host)
{
    struct slice ignored, last;

    slice_cut_last(host, '.', &ignored, &last);
    return last.length > 0 && last.bytes[0] >= 'a' && last.bytes[0] <= 'z' && host.bytes[0] != '.' &&
           !slice_find(host, SLICE(".."));
}

static bool is_address(const char *host)
{
    struct in_addr address;

    return inet_pton(AF_INET, host, &address) == 1;
}

/* Behind the colon. */
static bool take_port(struct slice *rest, int *ret_port)
{
    struct slice digits = take(rest, IN_HOST);
    unsigned long long number;

    if (!slice_to_unsigned(digits, PORT_MAXIMUM, &number) || digits.bytes[0] == '0')
        return false;
    *ret_port = (int)number;
    return true;
}

/* Of "scheme://host" or "scheme://host:port". */
static const char *origin_of(struct arena *arena, struct slice before_path, struct slice port)
{
    char *origin = arena_allocate(arena, before_path.length + port.length + 1);

    memcpy(origin, before_path.bytes, before_path.length);
    memcpy(origin + before_path.length, port.bytes, port.length);
    origin[before_path.length + port.length] = '\0';
    return origin;
}

bool plain_url_parse(struct arena *arena, struct slice text, struct http_url *ret_url)
{
    bool secure = slice_starts_with(text, SLICE("https://"));
    struct http_url url = {.scheme = secure ? "https" : "http", .port = secure ? 443 : 80, .is_plain = true};
    struct slice rest = text, port = secure ? SLICE(":443") : SLICE(":80"), host, before_path, path;

    if (!take_literal(&rest, secure ? SLICE("https://") : SLICE("http://")))
        return false;
    host = take(&rest, IN_HOST);
    if (take_literal(&rest, SLICE(":"))) {
        port = SLICE("");
        if (!take_port(&rest, &url.port))
            return false;
    }
    before_path = (struct slice){text.bytes, text.length - rest.length};
    path = take(&rest, IN_PATH);
    if (take_literal(&rest, SLICE("?")))
        take(&rest, IN_QUERY);
    if (rest.length > 0 || !slice_starts_with(path, SLICE("/")) || slice_find(path, SLICE("/.")))
        return false;
    url.host = arena_copy(arena, host);
    if (!is_name(host) && !is_address(url.host))
        return false;
    url.text = arena_copy(arena, text);
    url.path = arena_copy(arena, path);
    url.origin = origin_of(arena, before_path, port);
    *ret_url = url;
    return true;
}

#include "problem.h"

#include <haul/base/slice.h>
#include <haul/disk/output.h>
#include <haul/http/url.h>
#include <haul/job/checksum.h>
#include <haul/job/field.h>
#include <haul/job/naming.h>
#include <haul/report/report.h>

#include <arpa/inet.h>
#include <string.h>

const char *problem_of_nothing(struct arena *arena, const char *argument)
{
    (void)arena;
    return argument[0] == '\0' ? "it is empty" : NULL;
}

const char *problem_of_template(struct arena *arena, const char *argument)
{
    return naming_template_problem(arena, slice_of(argument));
}

const char *problem_of_digest(struct arena *arena, const char *argument)
{
    (void)arena;
    return output_digest_is_known(argument) ? NULL : "there is no such digest; sha256, sha512 and md5 are some";
}

const char *problem_of_checksum(struct arena *arena, const char *argument)
{
    struct checksum checksum;

    if (!checksum_parse(slice_of(argument), &checksum))
        return "it is not of the form ALGO=HEX, such as sha256=9f86d0...";
    return output_digest_problem(arena_copy(arena, checksum.algorithm), arena_copy(arena, checksum.hex));
}

const char *problem_of_base_url(struct arena *arena, const char *argument)
{
    struct http_url url;
    const char *problem;

    if (strpbrk(argument, "?#"))
        return "it has a query or a fragment, and a name is put behind it";
    return http_url_parse(arena, argument, &url, &problem) ? NULL : problem;
}

const char *problem_of_doh_url(struct arena *arena, const char *argument)
{
    struct http_url url;
    const char *problem;

    if (!http_url_parse(arena, argument, &url, &problem))
        return problem;
    return strcmp(url.scheme, "https") == 0 ? NULL : "it is not a URL of https";
}

const char *problem_of_report(struct arena *arena, const char *argument)
{
    (void)arena;
    return report_file_problem(argument);
}

const char *problem_of_field_value(struct arena *arena, const char *argument)
{
    (void)arena;
    return field_is_value(slice_of(argument)) ? NULL : "it has a line break or another control character in it";
}

const char *problem_of_jar(struct arena *arena, const char *argument)
{
    if (strstr(argument, "://") || (argument[0] == '-' && argument[1] != '\0'))
        return "it is no file for cookies; what goes on with files is '-C'";
    return problem_of_nothing(arena, argument);
}

const char *problem_of_proxy(struct arena *arena, const char *argument)
{
    if (argument[0] != '\0' && argument[strspn(argument, "0123456789")] == '\0')
        return "a number is no proxy; connections for one file are '--segments'";
    return problem_of_field_value(arena, argument);
}

const char *problem_of_header(struct arena *arena, const char *argument)
{
    struct slice name, value;

    if (!slice_cut(slice_of(argument), ':', &name, &value))
        return "a header is 'Name: value', and there is no colon";
    if (!field_is_token(name))
        return "what stands before the colon is no header name";
    return problem_of_field_value(arena, argument);
}

const char *problem_of_method(struct arena *arena, const char *argument)
{
    (void)arena;
    return field_is_token(slice_of(argument)) ? NULL : "a method is one word, such as GET or HEAD";
}

static bool is_address(struct arena *arena, struct slice slice)
{
    bool in_brackets = slice_starts_with(slice, SLICE("[")) && slice_ends_with(slice, SLICE("]"));
    unsigned char address[sizeof(struct in6_addr)];
    const char *copy;

    if (in_brackets)
        slice = (struct slice){slice.bytes + 1, slice.length - 2};
    copy = arena_copy(arena, slice);
    return inet_pton(AF_INET6, copy, address) == 1 || (!in_brackets && inet_pton(AF_INET, copy, address) == 1);
}

const char *problem_of_resolve(struct arena *arena, const char *argument)
{
    struct slice host, port, address, addresses;
    unsigned long long number;
    bool more;

    if (!slice_cut(slice_of(argument), ':', &host, &port) || !slice_cut(port, ':', &port, &addresses))
        return "it is not of the form HOST:PORT:ADDRESS";
    if (host.length == 0 || slice_contains_byte(host, '*'))
        return "there is no host name before the port";
    if (!slice_to_unsigned(port, UINT16_MAX, &number) || number == 0)
        return "the port is not a number from 1 to 65535";
    do {
        more = slice_cut(addresses, ',', &address, &addresses);
        if (!is_address(arena, address))
            return "what follows the port is not an IP address, or several with commas";
    } while (more);
    return NULL;
}

/* Up to the colon, which is not one of an IPv6 address in brackets. */
static bool cut_host(struct slice rest, struct slice *ret_host, struct slice *ret_rest)
{
    const char *end = slice_starts_with(rest, SLICE("[")) ? memchr(rest.bytes, ']', rest.length) : rest.bytes;
    struct slice part;

    if (!end || !slice_cut(slice_from(rest, (size_t)(end - rest.bytes)), ':', &part, ret_rest))
        return false;
    *ret_host = (struct slice){rest.bytes, (size_t)(end - rest.bytes) + part.length};
    return true;
}

static bool is_port_or_empty(struct slice port)
{
    unsigned long long number;

    return port.length == 0 || (slice_to_unsigned(port, UINT16_MAX, &number) && number > 0);
}

const char *problem_of_connect_to(struct arena *arena, const char *argument)
{
    struct slice host, port, rest, to_port;

    (void)arena;
    if (!cut_host(slice_of(argument), &host, &rest) || !slice_cut(rest, ':', &port, &rest) ||
        !cut_host(rest, &host, &to_port))
        return "it is not of the form HOST:PORT:HOST:PORT";
    if (!is_port_or_empty(port) || !is_port_or_empty(to_port))
        return "a port is not a number from 1 to 65535";
    return NULL;
}

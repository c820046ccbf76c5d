#include "private_address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct {
    uint8_t bytes[4];
    unsigned bits;
} private_4[] = {
    {{0}, 8},          /* this network */
    {{10}, 8},         /* RFC 1918 */
    {{100, 64}, 10},   /* shared by carriers, RFC 6598 */
    {{127}, 8},        /* loopback */
    {{169, 254}, 16},  /* link-local, metadata */
    {{172, 16}, 12},   /* RFC 1918 */
    {{192, 0, 0}, 24}, /* IETF protocol assignments */
    {{192, 168}, 16},  /* RFC 1918 */
    {{198, 18}, 15},   /* benchmarks */
    {{224}, 4},        /* multicast */
    {{240}, 4},        /* reserved, broadcast */
};

static const struct {
    uint8_t bytes[16];
    unsigned bits;
} private_6[] = {
    {{0x01, 0x00}, 64},                         /* discard only, RFC 6666 */
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48}, /* translation inside a network, RFC 8215 */
    {{0x20, 0x01}, 32},                         /* Teredo: hides an IPv4 address */
    {{0xfc}, 7},                                /* unique-local */
    {{0xfe, 0x80}, 10},                         /* link-local */
    {{0xfe, 0xc0}, 10},                         /* site-local, of old */
    {{0xff}, 8},                                /* multicast */
};

/* Prefixes that an IPv4 address follows. */
static const struct {
    uint8_t bytes[12];
    unsigned length;
} carriers[] = {
    {{0}, 12},                        /* compatible; ::, ::1 */
    {{[10] = 0xff, [11] = 0xff}, 12}, /* mapped */
    {{[8] = 0xff, [9] = 0xff}, 12},   /* translated, RFC 2765 */
    {{0x00, 0x64, 0xff, 0x9b}, 12},   /* NAT64, RFC 6052 */
    {{0x20, 0x02}, 2},                /* 6to4 */
};

static bool has_prefix(const uint8_t *address, const uint8_t *prefix, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    if (memcmp(address, prefix, whole) != 0)
        return false;
    return rest == 0 || (address[whole] ^ prefix[whole]) >> (8 - rest) == 0;
}

static bool is_private_4(const uint8_t *address)
{
    for (size_t i = 0; i < COUNT(private_4); i++)
        if (has_prefix(address, private_4[i].bytes, private_4[i].bits))
            return true;
    return false;
}

static bool is_private_6(const uint8_t *address)
{
    for (size_t i = 0; i < COUNT(private_6); i++)
        if (has_prefix(address, private_6[i].bytes, private_6[i].bits))
            return true;
    for (size_t i = 0; i < COUNT(carriers); i++)
        if (has_prefix(address, carriers[i].bytes, carriers[i].length * 8))
            return is_private_4(address + carriers[i].length);
    return false;
}

bool address_is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return is_private_4((const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr);
    if (address->sa_family == AF_INET6)
        return is_private_6(((const struct sockaddr_in6 *)address)->sin6_addr.s6_addr);
    return true;
}

#include "../../../src/http/private_address.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>

static bool is_private(const char *text)
{
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return address_is_private((const struct sockaddr *)&in);
    cr_assert_eq(inet_pton(AF_INET6, text, &in6.sin6_addr), 1, "%s", text);
    return address_is_private((const struct sockaddr *)&in6);
}

Test(private_address, is_what_the_internet_does_not_route)
{
    static const char *const cases[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.170",
        "192.168.0.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "::ffff:0:a00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:c0a8:101::",
        "2001:0:4136:e378::",
        "fc00::1",
        "fd00:ec2::254",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "100::1",
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(is_private(cases[i]), "%s", cases[i]);
}

Test(private_address, is_none_beyond_the_edges)
{
    static const char *const cases[] = {
        "1.0.0.0",         "9.255.255.255",    "11.0.0.0",       "100.63.255.255", "100.128.0.0",     "126.255.255.255",
        "128.0.0.1",       "169.253.255.255",  "169.255.0.0",    "172.15.255.255", "172.32.0.0",      "192.0.1.1",
        "192.167.255.255", "192.169.0.0",      "198.17.255.255", "198.20.0.0",     "223.255.255.255", "8.8.8.8",
        "::ffff:8.8.8.8",  "64:ff9b::808:808", "2002:808:808::", "2001:1::1",      "2001:4860::8888", "2606:4700::1111",
        "fbff::1",         "fe00::1",
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_not(is_private(cases[i]), "%s", cases[i]);
}

Test(private_address, is_also_what_is_no_address_of_the_internet)
{
    struct sockaddr local = {.sa_family = AF_UNIX};

    cr_expect(address_is_private(&local));
}

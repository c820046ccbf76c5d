#include "connection.h"
#include "run.h"

#include <arpa/inet.h>
#include <string.h>

static in_port_t port_of(const struct sockaddr_storage *address)
{
    return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

CO_TEST(address, of_both_ends_of_a_connection)
{
    struct co_listener *listener = listen_anywhere(self);
    struct co_stream *near = NULL, *far = NULL;
    struct sockaddr_storage near_local, near_peer, far_local, far_peer;

    cr_expect_eq(co_connect(self, LOOPBACK, co_listener_port(listener), &near), 0);
    cr_expect_eq(co_accept(self, listener, &far), 0);
    cr_expect_eq(co_stream_local(near, &near_local), 0);
    cr_expect_eq(co_stream_peer(near, &near_peer), 0);
    cr_expect_eq(co_stream_local(far, &far_local), 0);
    cr_expect_eq(co_stream_peer(far, &far_peer), 0);
    cr_expect_eq(near_peer.ss_family, AF_INET);
    cr_expect_eq(port_of(&near_peer), co_listener_port(listener));
    cr_expect_eq(port_of(&far_local), co_listener_port(listener));
    cr_expect_eq(port_of(&near_local), port_of(&far_peer));
    co_stream_close(near);
    co_stream_close(far);
    co_listener_close(listener);
}

CO_TEST(address, is_not_touched_when_there_is_no_connection)
{
    struct sockaddr_storage address = {.ss_family = AF_UNIX};
    struct connection connection = connection_open(self);

    co_stream_reset(connection.far);
    co_stream_close(connection.far);
    cr_expect_eq(co_read(self, connection.near, &(char){0}, 1), -ECONNRESET);
    cr_expect_eq(co_stream_peer(connection.near, &address), -ENOTCONN);
    cr_expect_eq(address.ss_family, AF_UNIX);
    co_stream_close(connection.near);
}

Test(address, has_a_text_as_in_urls)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(8080), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_storage address = {.ss_family = AF_UNIX};
    char text[CO_ADDRESS_TEXT];

    cr_assert_str_eq(co_address_text(&address, text), "unknown");
    memcpy(&address, &v4, sizeof v4);
    cr_assert_str_eq(co_address_text(&address, text), "127.0.0.1:80");
    memcpy(&address, &v6, sizeof v6);
    cr_assert_str_eq(co_address_text(&address, text), "[::1]:8080");
}

#include "tcp.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>

int tcp_address(const char *address, int port, struct sockaddr_storage *ret_address)
{
    if (port < 0 || port > 65535)
        return -EINVAL;
    if (uv_ip4_addr(address, port, (struct sockaddr_in *)ret_address) == 0)
        return 0;
    return uv_ip6_addr(address, port, (struct sockaddr_in6 *)ret_address);
}

typedef int name_getter(int fd, struct sockaddr *address, socklen_t *size);

static int get_address(const struct co_stream *stream, name_getter *getter, struct sockaddr_storage *ret_address)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof address;
    uv_os_fd_t fd;
    int result = uv_fileno((const uv_handle_t *)stream_handle((struct co_stream *)stream), &fd);

    if (result < 0)
        return result;
    if (getter(fd, (struct sockaddr *)&address, &size) < 0)
        return -errno;
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6)
        return -ENOTSOCK; /* the pipes of libuv are sockets, of a kind without addresses */
    *ret_address = address;
    return 0;
}

int co_stream_local(const struct co_stream *stream, struct sockaddr_storage *ret_address)
{
    return get_address(stream, getsockname, ret_address);
}

int co_stream_peer(const struct co_stream *stream, struct sockaddr_storage *ret_address)
{
    return get_address(stream, getpeername, ret_address);
}

const char *co_address_text(const struct sockaddr_storage *address, char text[CO_ADDRESS_TEXT])
{
    char host[CO_ADDRESS_TEXT - 8], port[6];
    bool is_six = address->ss_family == AF_INET6;
    socklen_t size = is_six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);

    if (!is_six && address->ss_family != AF_INET)
        return "unknown";
    if (getnameinfo((const struct sockaddr *)address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return "unknown";
    snprintf(text, CO_ADDRESS_TEXT, is_six ? "[%s]:%s" : "%s:%s", host, port);
    return text;
}

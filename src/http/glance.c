#include "glance.h"
#include "socket.h"

#include <poll.h>
#include <time.h>

#define TO_WRITE (POLLOUT | POLLWRNORM | POLLWRBAND)

static _Thread_local struct socket_table *sockets; /* poll() has no argument for it */

void glance_begin(struct socket_table *table)
{
    sockets = table;
}

void glance_end(const struct socket_table *table)
{
    if (sockets == table)
        sockets = NULL;
}

static int ask_kernel(struct pollfd *descriptors, nfds_t count, int milliseconds)
{
    struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};

    return ppoll(descriptors, count, milliseconds < 0 ? NULL : &time, NULL);
}

static bool is_glance(const struct pollfd *descriptors, nfds_t count, int milliseconds)
{
    return sockets && count == 1 && milliseconds == 0 && !(descriptors->events & TO_WRITE);
}

static int glance(struct pollfd *descriptors, nfds_t count, int milliseconds)
{
    int result;

    if (!is_glance(descriptors, count, milliseconds))
        return ask_kernel(descriptors, count, milliseconds);
    descriptors->revents = 0;
    if (socket_needs_no_glance(sockets, descriptors->fd))
        return 0;
    result = ask_kernel(descriptors, count, milliseconds);
    socket_note_glance(sockets, descriptors->fd, result == 0);
    return result;
}

__attribute__((alias("glance"), visibility("default"))) int poll(struct pollfd *, nfds_t, int);

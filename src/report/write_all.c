#include "write_all.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

static int wait_until_writable(int descriptor)
{
    struct pollfd poll_descriptor = {.fd = descriptor, .events = POLLOUT};

    return poll(&poll_descriptor, 1, -1) < 0 && errno != EINTR ? -errno : 0;
}

int write_all(int descriptor, struct slice bytes)
{
    while (bytes.length > 0) {
        ssize_t count = write(descriptor, bytes.bytes, bytes.length);
        int result = 0;

        if (count >= 0)
            bytes = slice_from(bytes, (size_t)count);
        else if (errno == EAGAIN)
            result = wait_until_writable(descriptor);
        else if (errno != EINTR)
            result = -errno;
        if (result < 0)
            return result;
    }
    return 0;
}

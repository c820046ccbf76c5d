#include "write_all.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MILLISECONDS 100 /* how long it may take to notice a hurry */
#define LOOKS_OF_GRACE    (WRITE_GRACE_SECONDS * 1000 / LOOK_MILLISECONDS)

bool write_may_wait(int descriptor)
{
    struct stat status;

    return fstat(descriptor, &status) < 0 || !S_ISREG(status.st_mode);
}

static int wait_until_writable(int descriptor, const atomic_bool *hurry)
{
    struct pollfd poll_descriptor = {.fd = descriptor, .events = POLLOUT};
    int looks = 0;

    while (looks < LOOKS_OF_GRACE) {
        int count = poll(&poll_descriptor, 1, LOOK_MILLISECONDS);

        if (count > 0)
            return 0;
        if (count < 0 && errno != EINTR)
            return -errno;
        looks = atomic_load(hurry) ? looks + 1 : 0;
    }
    return -ETIMEDOUT;
}

/* What is ready takes PIPE_BUF bytes without blocking; more might block where no hurry is noticed. */
int write_all(int descriptor, struct slice bytes, const atomic_bool *hurry)
{
    while (bytes.length > 0) {
        int result = hurry ? wait_until_writable(descriptor, hurry) : 0;
        ssize_t count;

        if (result < 0)
            return result;
        count = write(descriptor, bytes.bytes, hurry && bytes.length > PIPE_BUF ? PIPE_BUF : bytes.length);
        if (count >= 0)
            bytes = slice_from(bytes, (size_t)count);
        else if (errno != EINTR && errno != EAGAIN)
            return -errno;
    }
    return 0;
}

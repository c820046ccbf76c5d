#include "write.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLL_MILLISECONDS 100 /* how long a cancel may have to wait */

int write_file(int fd, struct slice bytes)
{
    while (bytes.length > 0) {
        ssize_t count = write(fd, bytes.bytes, bytes.length);

        if (count < 0 && errno != EINTR)
            return -errno;
        if (count > 0)
            bytes = slice_from(bytes, (size_t)count);
    }
    return 0;
}

int write_file_at(int fd, struct slice bytes, int64_t at)
{
    while (bytes.length > 0) {
        ssize_t count = pwrite(fd, bytes.bytes, bytes.length, at);

        if (count < 0 && errno != EINTR)
            return -errno;
        if (count > 0) {
            bytes = slice_from(bytes, (size_t)count);
            at += count;
        }
    }
    return 0;
}

static bool is_regular(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/* A pipe that is ready takes PIPE_BUF bytes without blocking; more might block where no cancel is heard. */
int write_stream(int fd, struct slice bytes, const struct co_token *token)
{
    if (is_regular(fd))
        return write_file(fd, bytes);
    while (bytes.length > 0) {
        struct pollfd wanted = {.fd = fd, .events = POLLOUT};
        ssize_t count;

        if (co_token_cancelled(token))
            return -ECANCELED;
        count = poll(&wanted, 1, POLL_MILLISECONDS);
        if (count > 0)
            count = write(fd, bytes.bytes, bytes.length < PIPE_BUF ? bytes.length : PIPE_BUF);
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return -errno;
        if (count > 0)
            bytes = slice_from(bytes, (size_t)count);
    }
    return 0;
}

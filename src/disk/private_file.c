#include "write.h"

#include <haul/base/memory.h>
#include <haul/base/text.h>
#include <haul/co/thread.h>
#include <haul/disk/private_file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct writing {
    const char *path;
    struct slice bytes;
};

/* Of mode 0600, whatever the umask is. */
static int replace(const struct writing *writing, char *beside)
{
    int fd = mkostemp(beside, O_CLOEXEC), result;

    if (fd < 0)
        return -errno;
    result = write_file(fd, writing->bytes);
    if (close(fd) < 0 && result == 0)
        result = -errno;
    if (result == 0 && rename(beside, writing->path) < 0)
        result = -errno;
    if (result < 0)
        unlink(beside);
    return result;
}

static int write_on_thread(void *argument, const struct co_token *token)
{
    const struct writing *writing = argument;
    CLEANUP(text_release) struct text beside = {0};

    (void)token;
    text_append_format(&beside, "%s.XXXXXX", writing->path);
    return replace(writing, beside.bytes);
}

int private_file_write(struct co_task *self, const char *path, struct slice bytes, struct error *error)
{
    struct writing writing = {path, bytes};
    int result = co_to_thread_shielded(self, write_on_thread, &writing);

    if (result < 0)
        return fail(error, ERROR_DISK, -result, "cannot write '%s': %s", path, strerror(-result));
    return 0;
}

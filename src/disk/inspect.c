#include "expectation.h"
#include "place.h"

#include <haul/co/thread.h>
#include <haul/disk/inspect.h>

#include <errno.h>
#include <strings.h>
#include <unistd.h>

struct inspection {
    const struct folder *folder;
    const char *name;
    const struct inspect_wish *wish;
    int64_t size;
};

static int compare_digest(const struct inspection *inspection, int fd, const struct co_token *token)
{
    struct digest *digest = digest_open(inspection->wish->algorithm);
    struct expectations others = {.count = 0};
    char hex[DIGEST_HEX_SIZE];
    int result;

    if (!digest)
        return -EBADMSG;
    result = expectations_read(&others, digest, fd, inspection->size, token);
    digest_finish(digest, hex);
    digest_close(digest);
    if (result == 0 && strcasecmp(hex, inspection->wish->hex) != 0)
        result = -EBADMSG;
    return result;
}

static int inspect_on_thread(void *argument, const struct co_token *token)
{
    struct inspection *inspection = argument;
    const struct inspect_wish *wish = inspection->wish;
    struct stat status;
    int fd, result = place_status(inspection->folder, inspection->name, &status);

    if (result < 0)
        return result;
    inspection->size = status.st_size;
    if (!S_ISREG(status.st_mode))
        return -EEXIST;
    if (wish->size >= 0 && wish->size != status.st_size)
        return -EBADMSG;
    if (!wish->algorithm || !wish->hex)
        return 0;
    fd = place_open_file(inspection->folder, inspection->name);
    if (fd < 0)
        return fd;
    result = compare_digest(inspection, fd, token);
    close(fd);
    return result;
}

int inspect_file(struct co_task *self, const struct folder *folder, const char *name, const struct inspect_wish *wish,
                 int64_t *ret_size)
{
    struct inspection inspection = {.folder = folder, .name = name, .wish = wish};
    int result = co_to_thread(self, inspect_on_thread, &inspection);

    if (result == 0)
        *ret_size = inspection.size;
    return result;
}

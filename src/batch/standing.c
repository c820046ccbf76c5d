#include "standing.h"

#include <haul/disk/inspect.h>

#include <errno.h>

static void note(struct work *work, const struct folder *folder, const char *name, int64_t size)
{
    struct result *result = &work->result;

    result->reason = "exists-verified";
    result->file.path = folder_path_of(folder, name, &result->arena);
    result->file.bytes = size;
    result->file.published = true;
    result->checksum.algorithm = work->job->digest;
    result->checksum.expected = result->checksum.actual = work->job->expected;
}

int standing_verify(struct co_task *self, struct folder *folder, const char *name, struct work *work)
{
    const struct job *job = work->job;
    const struct inspect_wish wish = {
        .size = job->has_size ? job->size : -1,
        .algorithm = job->digest,
        .hex = job->expected,
    };
    int64_t size = 0;
    int result;

    if (!job->digest && !job->has_size)
        return -ENODATA;
    result = inspect_file(self, folder, name, &wish, &size);
    if (result == 0)
        note(work, folder, name, size);
    return result == 0 || result == -ECANCELED ? result : -EBADMSG;
}

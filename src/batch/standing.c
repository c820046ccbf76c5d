#include "standing.h"
#include "destination.h"
#include "going.h"
#include "state.h"

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

bool standing_may_begin(struct co_task *self, struct folder *folder, const char *name, struct work *work)
{
    const struct inspect_wish anything = {.size = -1};
    const struct batch_options *options = work->batch->options;
    const struct job *job = work->job;
    int64_t size = 0;

    return options->go_on && going_may_ask_for_parts(options, work) && !destination_is_named_by_server(options, work) &&
           inspect_file(self, folder, name, &anything, &size) == 0 && size > 0 && !(job->has_size && size >= job->size);
}

#include "done.h"

#include <haul/disk/inspect.h>

#include <errno.h>
#include <strings.h>

/* What the job demands now, the record must tell. */
static bool is_as_demanded(const struct job *job, const struct journal_record *record)
{
    if (job->has_size && record->path && record->bytes != job->size)
        return false;
    if (!job->digest)
        return true;
    return record->algorithm && record->digest && strcasecmp(record->algorithm, job->digest) == 0 &&
           strcasecmp(record->digest, job->expected) == 0;
}

static int confirm(struct co_task *self, const struct batch_options *options, struct folder *folder,
                   const struct job *job, const struct journal_record *record)
{
    const char *name = record->path ? folder_name_of(folder, record->path) : NULL;
    struct inspect_wish wish = {.size = record->bytes};
    int64_t size;
    int result;

    if (!name)
        return 0;
    if (!is_as_demanded(job, record)) {
        folder_release(folder, name);
        return 0;
    }
    if (options->verify && record->digest) {
        wish.algorithm = record->algorithm;
        wish.hex = record->digest;
    }
    result = inspect_file(self, folder, name, &wish, &size);
    if (result == 0)
        return 1;
    folder_release(folder, name);
    return result == -ECANCELED ? result : 0;
}

static void tell(struct work *work, const struct journal_record *record)
{
    struct result *result = &work->result;

    result->reason = "already-done";
    result->file.path = record->path;
    result->file.bytes = record->bytes;
    result->file.published = record->path != NULL;
    result->checksum.algorithm = record->algorithm;
    result->checksum.expected = work->job->expected;
    result->checksum.actual = record->digest;
}

int done_already(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
                 struct work *work)
{
    struct arena *arena = &work->result.arena;
    struct journal_record record;
    int result = 0;

    if (!places->journal || options->mode == BATCH_STDOUT)
        return 0;
    while (result == 0 && journal_take(self, places->journal, work->job, work->url.text, arena, &record) == 0)
        result = options->mode == BATCH_CHECK ? is_as_demanded(work->job, &record)
                                              : confirm(self, options, places->folder, work->job, &record);
    if (result > 0)
        tell(work, &record);
    return result;
}

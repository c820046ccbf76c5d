#include "destination.h"
#include "standing.h"
#include "verify.h"

#include <haul/disk/inspect.h>
#include <haul/job/naming.h>

#include <errno.h>

#define NUMBERED_NAMES_MAXIMUM 100000
#define EXIT_CODE_WRITE_ERROR  23 /* curl's */
#define STAYS                  "exists and is not overwritten; with '--if-exists skip' it may be there"

int destination_fail(struct failure *failure, const struct error *error)
{
    enum failure_class class = error->code == EBADMSG ? FAILURE_CHECKSUM : FAILURE_DISK;

    failure_set(failure, class, error->code, false, "%s", error->message);
    failure->exit_code = EXIT_CODE_WRITE_ERROR;
    return -EIO;
}

static int fail_as_taken(const struct destination *destination, struct failure *failure, enum failure_class class,
                         const char *why)
{
    CLEANUP(arena_release) struct arena arena = {0};

    failure_set(failure, class, class == FAILURE_DISK ? EEXIST : 0, false, "'%s' %s",
                folder_path_of(destination->folder, destination->name, &arena), why);
    failure->exit_code = EXIT_CODE_WRITE_ERROR;
    return -EIO;
}

static struct slice slice_after_first(struct slice slice)
{
    return slice_from(slice, 1);
}

const char *destination_name(const struct batch_options *options, const char *suggested, struct work *work)
{
    struct arena *arena = &work->result.arena;
    struct slice path = slice_of(work->url.path);
    const char *name = suggested ? suggested : naming_from_url_path(arena, path);
    struct naming_fields fields = {
        .name = slice_of(name),
        .host = slice_of(work->url.host),
        .path = slice_after_first(path),
        .index = work->job->index,
        .tag = slice_of(work->job->tag),
        .matches = slice_of(work->job->matches),
    };

    if (work->job->output)
        return work->job->output;
    return options->template ? naming_from_template(arena, slice_of(options->template), &fields) : name;
}

static int take_next_name(struct co_task *self, struct destination *destination, struct work *work,
                          struct failure *failure)
{
    struct error error = {.kind = ERROR_NONE};
    int result = -EBUSY;

    work->known = NULL; /* another file than the one that is known */
    destination->options.replace = destination->existing == EXISTING_OVERWRITE;
    while (result == -EBUSY && destination->number < NUMBERED_NAMES_MAXIMUM) {
        const char *name;

        destination->number = folder_next_number(destination->folder, destination->name, destination->number);
        name = naming_numbered(&work->result.arena, slice_of(destination->name), destination->number);
        result = destination->output ? output_rename(self, destination->output, name, &error)
                                     : output_open(self, destination->folder, name, &destination->options, &error,
                                                   &destination->output);
        if (result == -EEXIST)
            result = -EBUSY; /* a number more does no harm */
    }
    if (result == 0 || result == -ECANCELED)
        return result;
    if (result == -EBUSY)
        return fail_as_taken(destination, failure, FAILURE_DISK, "has no number left");
    return destination_fail(failure, &error);
}

/* This run has used the name for another job. */
static int meet_own_file(struct co_task *self, struct destination *destination, struct work *work,
                         struct failure *failure)
{
    if (work->job->output)
        return fail_as_taken(destination, failure, FAILURE_INPUT, "is the name of another job's file");
    return take_next_name(self, destination, work, failure);
}

/* A regular file will do; -EEXIST then. */
static int skip(struct co_task *self, const struct destination *destination, struct work *work, struct failure *failure)
{
    struct result *result = &work->result;
    const struct inspect_wish anything = {.size = -1};
    int look = inspect_file(self, destination->folder, destination->name, &anything, &result->file.bytes);

    if (look == -ECANCELED)
        return look;
    if (look < 0)
        return fail_as_taken(destination, failure, FAILURE_DISK, "is there and is no file");
    result->file.path = folder_path_of(destination->folder, destination->name, &result->arena);
    result->file.published = true;
    return -EEXIST;
}

static const char *not_as_demanded(const struct job *job)
{
    if (job->digest && job->has_size)
        return "exists with another digest or size than is demanded; '--if-exists verify' replaces it";
    return job->digest ? "exists with another digest than is demanded; '--if-exists verify' replaces it"
                       : "exists with another size than is demanded; '--if-exists verify' replaces it";
}

static int stay(const struct destination *destination, const struct work *work, bool has_demands,
                struct failure *failure)
{
    const char *why = STAYS;

    if (has_demands)
        why = not_as_demanded(work->job);
    else if (destination->existing == EXISTING_VERIFY)
        why = "exists, and the list has no digest or size to verify it by";
    return fail_as_taken(destination, failure, FAILURE_DISK, why);
}

/* Something whole has come under the name meanwhile, or is there with no digest or size to know it by: it stays, unless
 * it may be the beginning of what is wanted. */
static int verify_older_file(struct co_task *self, struct destination *destination, struct work *work,
                             struct failure *failure)
{
    struct error error = {.kind = ERROR_NONE};
    int result = standing_verify(self, destination->folder, destination->name, work);
    bool has_demands = result != -ENODATA, may_replace = has_demands && destination->existing == EXISTING_VERIFY;

    if (result == 0)
        return -EEXIST;
    if (result == -ECANCELED)
        return result;
    work->may_begin = !destination->output && !work->is_no_beginning &&
                      standing_may_begin(self, destination->folder, destination->name, work);
    if (destination->output || (!may_replace && !work->may_begin))
        return stay(destination, work, has_demands, failure);
    destination->options.replace = true;
    result =
        output_open(self, destination->folder, destination->name, &destination->options, &error, &destination->output);
    if (result == -EBUSY)
        return meet_own_file(self, destination, work, failure);
    return result == 0 || result == -ECANCELED ? result : destination_fail(failure, &error);
}

/* A file of the name was there before the run, or came from elsewhere meanwhile. */
static int meet_older_file(struct co_task *self, struct destination *destination, struct work *work,
                           struct failure *failure)
{
    switch (destination->existing) {
    case EXISTING_SKIP:
        return skip(self, destination, work, failure);
    case EXISTING_AUTO:
    case EXISTING_VERIFY:
        return verify_older_file(self, destination, work, failure);
    case EXISTING_RENAME:
        return take_next_name(self, destination, work, failure);
    default:
        return fail_as_taken(destination, failure, FAILURE_DISK, STAYS);
    }
}

static int judge_disk(struct co_task *self, int result, const struct error *error, struct destination *destination,
                      struct work *work, struct failure *failure)
{
    if (result == 0 || result == -ECANCELED)
        return result;
    if (result == -EEXIST)
        return meet_older_file(self, destination, work, failure);
    if (result == -EBUSY)
        return meet_own_file(self, destination, work, failure);
    return destination_fail(failure, error);
}

bool destination_is_named_by_server(const struct batch_options *options, const struct work *work)
{
    return options->mode == BATCH_SAVE && options->remote_name && !work->job->output;
}

bool destination_waits_for_answer(const struct batch_options *options, const struct work *work)
{
    return destination_is_named_by_server(options, work) || work->known;
}

static int open_destination(struct co_task *self, struct destination *destination, const struct batch_options *options,
                            const char *suggested, struct work *work, struct failure *failure)
{
    struct error error = {.kind = ERROR_NONE};
    const char *problem;
    int result;

    if (options->mode == BATCH_CHECK) {
        result = output_open_nowhere(&destination->options, &error, &destination->output);
        return result < 0 ? destination_fail(failure, &error) : 0;
    }
    if (options->mode == BATCH_STDOUT) {
        result = output_open_stdout(&destination->options, &error, &destination->output);
        return result < 0 ? destination_fail(failure, &error) : 0;
    }
    destination->name = work->name = work->flight.name = destination_name(options, suggested, work);
    problem = naming_problem(slice_of(destination->name));
    if (problem) {
        failure_set(failure, FAILURE_INPUT, 0, false, "output name '%s': %s", destination->name, problem);
        return -EIO;
    }
    destination->options.replace = work->known || destination->existing == EXISTING_OVERWRITE;
    result =
        output_open(self, destination->folder, destination->name, &destination->options, &error, &destination->output);
    return judge_disk(self, result, &error, destination, work, failure);
}

int destination_open(struct co_task *self, struct destination *destination, const struct batch_options *options,
                     const char *suggested, struct work *work, struct failure *failure)
{
    int result;

    if (destination->output)
        return 0;
    result = open_destination(self, destination, options, suggested, work, failure);
    if (result == 0)
        verify_expect(work, destination->output);
    return result;
}

int destination_publish(struct co_task *self, struct destination *destination, struct slice bytes, struct work *work,
                        struct failure *failure)
{
    struct error error = {.kind = ERROR_NONE};
    int result = output_publish(self, destination->output, bytes, &error);

    while (result == -EBUSY || (result == -EEXIST && destination->existing == EXISTING_RENAME)) {
        result = judge_disk(self, result, &error, destination, work, failure);
        if (result < 0)
            return result;
        result = output_publish(self, destination->output, (struct slice){.length = 0}, &error);
    }
    return judge_disk(self, result, &error, destination, work, failure);
}

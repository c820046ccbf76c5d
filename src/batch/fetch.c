#include "fetch.h"
#include "hop.h"
#include "known.h"
#include "judging.h"
#include "question.h"
#include "standing.h"
#include "verify.h"

#include <haul/co/scope.h>
#include <haul/disk/inspect.h>
#include <haul/disk/output.h>
#include <haul/http/transfer.h>
#include <haul/job/date.h>
#include <haul/job/disposition.h>
#include <haul/job/naming.h>

#include <errno.h>
#include <string.h>

#define NUMBERED_NAMES_MAXIMUM 100000
#define EXIT_CODE_WRITE_ERROR  23 /* curl's */
#define EXIT_CODE_TIMED_OUT    28

static int fail_on_disk(struct failure *failure, const struct error *error)
{
    enum failure_class class = error->code == EBADMSG ? FAILURE_CHECKSUM : FAILURE_DISK;

    failure_set(failure, class, error->code, false, "%s", error->message);
    failure->exit_code = EXIT_CODE_WRITE_ERROR;
    return -EIO;
}

static int fail_as_taken(struct failure *failure, enum failure_class class, const char *name, const char *why)
{
    failure_set(failure, class, class == FAILURE_DISK ? EEXIST : 0, false, "'%s' %s", name, why);
    failure->exit_code = EXIT_CODE_WRITE_ERROR;
    return -EIO;
}

static struct slice slice_after_first(struct slice slice)
{
    return slice_from(slice, 1);
}

static const char *name_for(const struct batch_options *options, const char *suggested, struct work *work)
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

struct destination {
    struct folder *folder;
    struct output *output;
    const char *name; /* as asked for */
    enum batch_existing existing;
    bool remote_time;
    bool began_anew; /* the bytes in it are of the last answer alone */
    struct output_options options;
};

static int take_next_name(struct co_task *self, struct destination *destination, struct work *work,
                          struct failure *failure)
{
    struct error error = {.kind = ERROR_NONE};
    unsigned number = 0;
    int result = -EBUSY;

    work->known = NULL; /* another file than the one that is known */
    destination->options.replace = destination->existing == EXISTING_OVERWRITE;
    while (result == -EBUSY && number < NUMBERED_NAMES_MAXIMUM) {
        const char *name;

        number = folder_next_number(destination->folder, destination->name);
        name = naming_numbered(&work->result.arena, slice_of(destination->name), number);
        result = destination->output ? output_rename(self, destination->output, name, &error)
                                     : output_open(self, destination->folder, name, &destination->options, &error,
                                                   &destination->output);
        if (result == -EEXIST)
            result = -EBUSY; /* a number more does no harm */
    }
    if (result == 0 || result == -ECANCELED)
        return result;
    if (result == -EBUSY)
        return fail_as_taken(failure, FAILURE_DISK, destination->name, "has no number left");
    return fail_on_disk(failure, &error);
}

/* This run has used the name for another job. */
static int meet_own_file(struct co_task *self, struct destination *destination, struct work *work,
                         struct failure *failure)
{
    if (work->job->output)
        return fail_as_taken(failure, FAILURE_INPUT, destination->name, "is the name of another job's file");
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
        return fail_as_taken(failure, FAILURE_DISK, destination->name, "is there and is no file");
    result->file.path = folder_path_of(destination->folder, destination->name, &result->arena);
    result->file.published = true;
    return -EEXIST;
}

/* Something whole has come under the name meanwhile, or is there with no digest or size to know it by: it stays. */
static int verify_older_file(struct co_task *self, struct destination *destination, struct work *work,
                             struct failure *failure)
{
    bool may_replace = destination->existing == EXISTING_VERIFY && !destination->output;
    struct error error = {.kind = ERROR_NONE};
    int result = standing_verify(self, destination->folder, destination->name, work);

    if (result == 0)
        return -EEXIST;
    if (result == -ECANCELED)
        return result;
    if (result == -ENODATA && destination->existing == EXISTING_VERIFY)
        return fail_as_taken(failure, FAILURE_DISK, destination->name,
                             "exists, with no digest or size to verify it by");
    if (result == -ENODATA || !may_replace)
        return fail_as_taken(failure, FAILURE_DISK, destination->name, "exists and is not overwritten");
    destination->options.replace = true;
    result =
        output_open(self, destination->folder, destination->name, &destination->options, &error, &destination->output);
    if (result == -EBUSY)
        return meet_own_file(self, destination, work, failure);
    return result == 0 || result == -ECANCELED ? result : fail_on_disk(failure, &error);
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
        return fail_as_taken(failure, FAILURE_DISK, destination->name, "exists and is not overwritten");
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
    return fail_on_disk(failure, error);
}

/* Only an answer can tell the name. */
static bool is_named_by_server(const struct batch_options *options, const struct work *work)
{
    return options->mode == BATCH_SAVE && options->remote_name && !work->job->output;
}

/* Or whether there is anything to write. */
static bool waits_for_answer(const struct batch_options *options, const struct work *work)
{
    return is_named_by_server(options, work) || work->known;
}

static int open_destination(struct co_task *self, struct destination *destination, const struct batch_options *options,
                            const char *suggested, struct work *work, struct failure *failure)
{
    struct error error = {.kind = ERROR_NONE};
    const char *problem;
    int result;

    if (options->mode == BATCH_CHECK) {
        result = output_open_nowhere(&destination->options, &error, &destination->output);
        return result < 0 ? fail_on_disk(failure, &error) : 0;
    }
    if (options->mode == BATCH_STDOUT) {
        result = output_open_stdout(&destination->options, &error, &destination->output);
        return result < 0 ? fail_on_disk(failure, &error) : 0;
    }
    destination->name = work->name = work->flight.name = name_for(options, suggested, work);
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

/* One that an attempt before has kept is open, and expects what it did. */
static int open_expecting(struct co_task *self, struct destination *destination, const struct batch_options *options,
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

static int publish(struct co_task *self, struct destination *destination, struct slice bytes, struct work *work,
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

/* Nothing is published that a check of the job is against. */
static int conclude(struct co_task *self, const struct batch_options *options, struct http_transfer *transfer,
                    struct destination *destination, struct slice bytes, struct work *work, struct failure *failure)
{
    int result;

    http_transfer_note(transfer);
    result = judging_conclude(self, options, work, failure);
    if (result < 0 || !destination->output)
        return result;
    result = publish(self, destination, bytes, work, failure);
    judging_note_digest(work, destination->output, failure);
    verify_note_told(work, destination->output);
    return result;
}

/* Each piece is written while the next one comes. */
static int copy_body(struct co_task *self, const struct batch_options *options, struct http_transfer *transfer,
                     struct destination *destination, struct work *work, struct failure *failure)
{
    struct error error = {.kind = ERROR_NONE};
    struct slice bytes = {.length = 0};
    int result;

    while ((result = http_transfer_read(self, transfer, &bytes, failure)) > 0) {
        bool whole = http_transfer_is_whole(transfer);
        int64_t size = output_size(destination->output) + (int64_t)bytes.length;

        if (verify_size(options, work->job, size, whole, failure) < 0)
            return -EIO;
        judging_note_body(options, work, bytes);
        if (whole)
            return conclude(self, options, transfer, destination, bytes, work, failure);
        result = output_write(self, destination->output, bytes, &error);
        if (result < 0)
            return result == -ECANCELED ? result : fail_on_disk(failure, &error);
    }
    if (result == 0)
        result = verify_size(options, work->job, output_size(destination->output), true, failure);
    if (result < 0)
        return result;
    return conclude(self, options, transfer, destination, (struct slice){.length = 0}, work, failure);
}

/* Everything comes, not the rest: what was there is forgotten first. */
static int begin_body(struct co_task *self, const struct http_transfer *transfer, struct destination *destination,
                      struct work *work, struct failure *failure)
{
    struct output *output = destination->output;
    struct error error = {.kind = ERROR_NONE};
    int64_t seconds;
    int result;

    if (destination->remote_time && date_parse(http_transfer_header(transfer, "last-modified"), &seconds))
        output_set_time(output, seconds);
    work->result.resumed_from = http_transfer_goes_on(transfer) ? output_size(output) : 0;
    if (http_transfer_goes_on(transfer))
        return 0;
    result = output_size(output) > 0 ? output_restart(self, output, &error) : 0;
    destination->began_anew = result == 0;
    if (result == 0)
        verify_expect_told(work, output);
    return result == 0 || result == -ECANCELED ? result : fail_on_disk(failure, &error);
}

static int drop_body(struct co_task *self, const struct batch_options *options, struct http_transfer *transfer,
                     struct destination *destination, struct work *work, struct failure *failure)
{
    struct slice bytes = {.length = 0};
    int result;

    while ((result = http_transfer_read(self, transfer, &bytes, failure)) > 0)
        continue;
    bytes = (struct slice){.length = 0};
    return result < 0 ? result : conclude(self, options, transfer, destination, bytes, work, failure);
}

static void note_file(struct work *work, const struct batch_options *options, const struct output *output)
{
    struct result *result = &work->result;

    if (!output)
        return;
    result->file.bytes = output_size(output);
    result->file.published = output_is_published(output);
    if (options->mode == BATCH_SAVE)
        result->file.path = arena_copy_string(&result->arena, output_path(output));
    result->checksum.algorithm = verify_digest(options, work);
    result->checksum.expected = result->job->expected;
    result->checksum.actual = arena_copy_string(&result->arena, output_digest(output));
}

/* The file that is there is what the server has. */
static void note_known_file(struct work *work, const struct batch_options *options, const struct folder *folder)
{
    struct result *result = &work->result;

    result->file.path = folder_path_of(folder, name_for(options, NULL, work), &result->arena);
    result->file.bytes = work->known->size;
    result->file.published = true;
}

/* NULL: the name is not the server's to give, or it gives none. */
static const char *suggestion(const struct batch_options *options, const struct http_transfer *transfer,
                              struct work *work)
{
    if (!is_named_by_server(options, work))
        return NULL;
    return disposition_name(&work->result.arena, slice_of(http_transfer_header(transfer, "content-disposition")));
}

/* What there is of the file counts as come. */
static void note_flight(struct work *work, struct flights *flights, const struct http_transfer *transfer,
                        const struct output *output)
{
    int64_t there = output && http_transfer_goes_on(transfer) ? output_size(output) : 0;
    int64_t length = work->result.exchange.content_length;

    if (!flights)
        return;
    work->flight.came += there;
    if (length >= 0 && strcmp(work->result.method, "HEAD") != 0)
        flights_note_size(flights, &work->flight, length < FLIGHT_SIZE_MAXIMUM ? there + length : -1);
}

static int ask_once(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
                    struct destination *destination, struct work *work, struct failure *failure)
{
    const struct cache_entry *known = work->range.from == 0 ? work->known : NULL;
    struct http_transfer *transfer = NULL;
    struct http_request request = {
        .url = &work->url,
        .method = work->result.method,
        .headers = work->job->headers,
        .content = question_content(options, work),
        .accept = question_accept(options, work),
        .known_etag = known ? known->etag : NULL,
        .known_last_modified = known ? known->last_modified : NULL,
        .drop_body = !destination->output && !waits_for_answer(options, work),
        .range = work->range,
        .came = &work->flight.came,
        .eager = options->mode == BATCH_STDOUT,
        .before_hop = hop_wait,
        .context = work,
        .arena = &work->result.exchange_arena,
        .exchange = &work->result.exchange,
    };
    int result = http_transfer_open(self, places->client, &request, failure, &transfer);

    if (result == 0)
        note_flight(work, places->flights, transfer, destination->output);
    if (result == 0 && known_is_current(work))
        result = -ENODATA;
    if (result == 0 && waits_for_answer(options, work) && !destination->output)
        result = open_expecting(self, destination, options, suggestion(options, transfer, work), work, failure);
    if (result == 0 && destination->output)
        result = begin_body(self, transfer, destination, work, failure);
    if (result == 0)
        result = verify_announced(options, work, failure);
    if (result == 0)
        result = destination->output ? copy_body(self, options, transfer, destination, work, failure)
                                     : drop_body(self, options, transfer, destination, work, failure);
    http_transfer_close(transfer);
    return result;
}

/* A server that does not give the rest is asked for everything. */
static int ask(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
               struct destination *destination, struct work *work, struct failure *failure)
{
    int result = ask_once(self, options, places, destination, work, failure);

    if (result != -ERANGE)
        return result;
    work->range = (struct range){.from = 0};
    result = hop_wait(self, work, work->result.origin);
    if (result < 0)
        return result;
    return ask_once(self, options, places, destination, work, failure);
}

static int64_t end_of(int64_t began, int64_t limit)
{
    return limit > 0 && began <= CO_FOREVER - limit ? began + limit : CO_FOREVER;
}

static int fail_as_late(struct failure *failure, int64_t limit, const char *what)
{
    failure_set(failure, FAILURE_TIMEOUT, EXIT_CODE_TIMED_OUT, true, "not finished within %g s%s", (double)limit / 1e9,
                what);
    failure->exit_code = EXIT_CODE_TIMED_OUT;
    return -EIO;
}

static int fetch_in_time(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
                         struct destination *destination, struct work *work, struct failure *failure)
{
    int64_t attempt_end = end_of(co_now(), options->maximum_time);
    int64_t end = end_of(work->started, options->retry.maximum_total);
    struct co_scope scope;
    int result;

    co_scope_begin(self, &scope, attempt_end < end ? attempt_end : end);
    result = co_scope_end(self, &scope, ask(self, options, places, destination, work, failure));
    if (result != -ETIMEDOUT)
        return result;
    if (attempt_end < end)
        return fail_as_late(failure, options->maximum_time, "");
    fail_as_late(failure, options->retry.maximum_total, ", retries included");
    failure->transient = false;
    failure->final = true;
    return -EIO;
}

void fetch_drop_kept(struct co_task *self, struct work *work)
{
    output_close(self, work->kept);
    work->kept = NULL;
    work->range = (struct range){.from = 0};
}

/* Which version are the bytes of?  An answer that gave none leaves that as it was. */
static void note_version(struct work *work)
{
    work->range.validator = arena_copy_string(&work->result.arena, range_validator(&work->result.exchange));
    work->range.size = work->result.exchange.content_length;
}

/* What has come may be all that the next attempt does not have to ask for. */
static bool is_worth_keeping(const struct work *work, const struct output *output)
{
    return output && output_may_go_on(output) && !work->checks && work->result.failure.transient &&
           work->range.validator && !work->result.exchange.expanded && strcmp(work->result.method, "GET") == 0;
}

static void keep_or_close(struct co_task *self, struct work *work, const struct destination *destination, int result)
{
    if (destination->began_anew)
        note_version(work);
    work->kept = destination->output;
    if (result == -EIO && is_worth_keeping(work, work->kept))
        work->range.from = output_size(work->kept);
    else
        fetch_drop_kept(self, work);
}

int fetch(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
          struct work *work, struct failure *failure)
{
    struct destination destination = {
        .folder = places->folder,
        .existing = options->existing,
        .options = {.sync = options->sync},
        .remote_time = options->remote_time,
    };
    int result = 0;

    judging_begin(work);
    destination.options.digest = verify_digest(options, work);
    destination.output = STEAL(work->kept);
    work->result.resumed_from = 0;
    destination.name = work->name;
    if (places->cache && !is_named_by_server(options, work))
        known_find(self, options, places->cache, name_for(options, NULL, work), work);
    if ((options->mode != BATCH_CHECK && !waits_for_answer(options, work)) ||
        (options->mode == BATCH_CHECK && verify_needs_body(options, work)))
        result = open_expecting(self, &destination, options, NULL, work, failure);
    if (result == -EEXIST)
        return -EALREADY;
    if (result == 0)
        result = fetch_in_time(self, options, places, &destination, work, failure);
    if (result == -EIO && options->mode == BATCH_STDOUT &&
        output_size(destination.output) > 0) { /* what has been written cannot be taken back */
        failure->transient = false;
        failure->final = true;
    }
    if (result != -EEXIST)
        note_file(work, options, destination.output);
    if (result == -ENODATA)
        note_known_file(work, options, places->folder);
    if (result == 0 && destination.output && output_is_published(destination.output))
        known_keep(self, places->cache, output_name(destination.output), work);
    keep_or_close(self, work, &destination, result);
    return result;
}

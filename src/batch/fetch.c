#include "fetch.h"
#include "destination.h"
#include "going.h"
#include "hop.h"
#include "known.h"
#include "judging.h"
#include "question.h"
#include "segmented.h"
#include "verify.h"

#include <haul/co/scope.h>
#include <haul/disk/output.h>
#include <haul/http/transfer.h>
#include <haul/job/date.h>
#include <haul/job/disposition.h>
#include <haul/job/segments.h>

#include <errno.h>
#include <string.h>

#define EXIT_CODE_TIMED_OUT 28

/* Nothing is published that a check of the job is against.  Without a transfer the exchange is whole. */
static int conclude(struct co_task *self, const struct batch_options *options, struct http_transfer *transfer,
                    struct destination *destination, struct slice bytes, struct work *work, struct failure *failure)
{
    int result;

    if (transfer)
        http_transfer_note(transfer);
    result = judging_conclude(self, options, work, failure);
    if (result < 0 || !destination->output)
        return result;
    result = destination_publish(self, destination, bytes, work, failure);
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
            return result == -ECANCELED ? result : destination_fail(failure, &error);
    }
    if (result == 0)
        result = verify_size(options, work->job, output_size(destination->output), true, failure);
    if (result < 0)
        return result;
    return conclude(self, options, transfer, destination, (struct slice){.length = 0}, work, failure);
}

static int64_t bytes_there(const struct work *work, const struct output *output)
{
    return work->missing ? work->missing->size - segments_missing(work->missing) : output_size(output);
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
    work->result.resumed_from = http_transfer_goes_on(transfer) ? bytes_there(work, output) : 0;
    if (work->may_begin && !(http_transfer_goes_on(transfer) && going_is_proved(work, output)))
        return -ERANGE;
    if (http_transfer_goes_on(transfer))
        return 0;
    work->missing = NULL;
    result = output_size(output) > 0 ? output_restart(self, output, &error) : 0;
    destination->began_anew = result == 0;
    if (result == 0)
        going_note(work->batch->options, output, work);
    if (result == 0)
        verify_expect_told(work, output);
    return result == 0 || result == -ECANCELED ? result : destination_fail(failure, &error);
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

    result->file.path = folder_path_of(folder, destination_name(options, NULL, work), &result->arena);
    result->file.bytes = work->known->size;
    result->file.published = true;
}

/* NULL: the name is not the server's to give, or it gives none. */
static const char *suggestion(const struct batch_options *options, const struct http_transfer *transfer,
                              struct work *work)
{
    struct slice header = slice_of(http_transfer_header(transfer, "content-disposition"));
    enum naming_reason reason = NAMING_AS_SUGGESTED;
    const char *name;

    if (!destination_is_named_by_server(options, work))
        return NULL;
    name = disposition_name(&work->result.arena, header, &reason);
    work->result.file.name_reason = naming_reason_name(reason);
    return name;
}

/* What there is of the file counts as come. */
static void note_flight(struct work *work, struct flights *flights, const struct http_transfer *transfer,
                        const struct output *output)
{
    bool goes_on = output && http_transfer_goes_on(transfer);
    int64_t length = work->result.exchange.content_length;

    if (!flights)
        return;
    work->flight.came += goes_on ? bytes_there(work, output) : 0;
    if (length >= 0 && strcmp(work->result.method, "HEAD") != 0)
        flights_note_size(flights, &work->flight,
                          length < FLIGHT_SIZE_MAXIMUM ? length + (goes_on ? work->range.from : 0) : -1);
}

static int bring_body(struct co_task *self, const struct batch_options *options, struct http_transfer **transfer,
                      struct destination *destination, struct work *work, struct failure *failure)
{
    int result;

    if (!destination->output)
        return drop_body(self, options, *transfer, destination, work, failure);
    if (!segmented_is_wanted(options, *transfer, work))
        return copy_body(self, options, *transfer, destination, work, failure);
    result = segmented_copy(self, transfer, destination, work, failure);
    if (result == 0)
        result = verify_size(options, work->job, output_size(destination->output), true, failure);
    return result < 0 ? result : conclude(self, options, NULL, destination, (struct slice){0}, work, failure);
}

static int ask_once(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
                    struct destination *destination, struct work *work, struct failure *failure)
{
    const struct cache_entry *known = work->range.from == 0 && work->asked == &work->url ? work->known : NULL;
    struct http_transfer *transfer = NULL;
    struct http_request request = question_of(options, work);
    int result;

    request.known_etag = known ? known->etag : NULL;
    request.known_last_modified = known ? known->last_modified : NULL;
    request.drop_body = !destination->output && !destination_waits_for_answer(options, work);
    request.range = work->range;
    request.arena = &work->result.exchange_arena;
    request.exchange = &work->result.exchange;
    result = http_transfer_open(self, places->client, &request, failure, &transfer);
    if (result == 0)
        note_flight(work, places->flights, transfer, destination->output);
    if (result == 0 && known_is_current(work))
        result = -ENODATA;
    if (result == 0 && destination_waits_for_answer(options, work) && !destination->output)
        result = destination_open(self, destination, options, suggestion(options, transfer, work), work, failure);
    if (result == 0 && destination->output)
        result = begin_body(self, transfer, destination, work, failure);
    if (result == 0)
        result = verify_announced(options, work, failure);
    if (result == 0)
        result = bring_body(self, options, &transfer, destination, work, failure);
    http_transfer_close(transfer);
    return result;
}

/* The file that stands there is something else: whether it is replaced is not for --continue to say. */
static int ask_without_beginning(struct co_task *self, const struct batch_options *options,
                                 const struct batch_places *places, struct destination *destination, struct work *work,
                                 struct failure *failure)
{
    int result;

    *failure = (struct failure){.class = FAILURE_NONE};
    output_close(self, STEAL(destination->output));
    work->range = (struct range){.from = 0};
    work->may_begin = false;
    work->is_no_beginning = true;
    judging_begin(work); /* what the wrong bytes were found to be is not told */
    result = destination_open(self, destination, options, NULL, work, failure);
    if (result == 0)
        result = hop_wait(self, work, work->result.origin);
    return result < 0 ? result : ask_once(self, options, places, destination, work, failure);
}

static int ask_with_beginning(struct co_task *self, const struct batch_options *options,
                              const struct batch_places *places, struct destination *destination, struct work *work,
                              struct failure *failure)
{
    int result = going_begin(self, destination->output, work, failure);

    if (result == 0)
        result = ask_once(self, options, places, destination, work, failure);
    if (result != -ERANGE && !(result == -EIO && failure->class == FAILURE_CHECKSUM))
        return result;
    return ask_without_beginning(self, options, places, destination, work, failure);
}

/* A server that does not give the rest is asked for everything. */
static int ask(struct co_task *self, const struct batch_options *options, const struct batch_places *places,
               struct destination *destination, struct work *work, struct failure *failure)
{
    int result;

    if (work->may_begin)
        return ask_with_beginning(self, options, places, destination, work, failure);
    result = ask_once(self, options, places, destination, work, failure);
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
    int64_t attempt_end = end_of(work->began, options->maximum_time);
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

void fetch_leave_kept(struct co_task *self, struct work *work)
{
    if (work->batch->options->go_on)
        output_leave(self, STEAL(work->kept));
    fetch_drop_kept(self, work);
}

void fetch_drop_kept(struct co_task *self, struct work *work)
{
    output_close(self, work->kept);
    work->kept = NULL;
    work->missing = NULL;
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
    if (destination->began_anew && result < 0)
        note_version(work);
    work->kept = destination->output;
    if (result == -EIO && is_worth_keeping(work, work->kept))
        work->range.from = work->missing ? segments_first(work->missing) : output_size(work->kept);
    else if (result == -ECANCELED || (result == -EIO && work->result.failure.transient))
        fetch_leave_kept(self, work);
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
    if (places->cache && !destination_is_named_by_server(options, work))
        known_find(self, options, places->cache, destination_name(options, NULL, work), work);
    if ((options->mode != BATCH_CHECK && !destination_waits_for_answer(options, work)) ||
        (options->mode == BATCH_CHECK && verify_needs_body(options, work)))
        result = destination_open(self, &destination, options, NULL, work, failure);
    if (result == -EEXIST)
        return -EALREADY;
    if (result == 0)
        result = going_take_up(self, options, destination.output, work);
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
    if (result == 0 && destination.output && output_is_published(destination.output) && work->asked == &work->url)
        known_keep(self, places->cache, output_name(destination.output), work);
    keep_or_close(self, work, &destination, result);
    return result;
}

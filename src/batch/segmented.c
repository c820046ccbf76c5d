#include "segmented.h"
#include "going.h"
#include "hop.h"
#include "pause.h"
#include "question.h"
#include "state.h"

#include <haul/job/segments.h>

#include <errno.h>

struct segmented;

struct helper {
    struct segmented *segmented;
    int place;
};

struct segmented {
    struct batch *batch;
    struct work *work;
    struct output *output;
    struct segments *missing;
    const char *tag;
    struct co_group group;
    struct co_event ended; /* a helper has */
    struct helper helpers[SEGMENTS_MAXIMUM];
    unsigned connections;
    bool alone;   /* one has failed: no more are opened */
    int64_t came; /* beside the first answer */
};

static bool is_worth_it(int64_t missing)
{
    return missing >= 2 * SEGMENT_LEAST;
}

bool segmented_is_wanted(const struct batch_options *options, const struct http_transfer *transfer,
                         const struct work *work)
{
    const struct exchange *exchange = &work->result.exchange;
    const struct range *range = &work->range;

    if (work->missing)
        return true;
    if (options->segments < 2 || exchange->expanded || !going_may_ask_for_parts(options, work))
        return false;
    if (http_transfer_goes_on(transfer))
        return range->validator && range->validator[0] == '"' && is_worth_it(range->size - range->from);
    return range_tag_of_parts(exchange) && is_worth_it(exchange->content_length);
}

/* The version is noted only where a later run may go on. */
static int put(struct co_task *self, const struct segmented *segmented, int64_t at, struct slice bytes,
               struct failure *failure)
{
    CLEANUP(text_release) struct text missing = {0};
    struct error error = {.kind = ERROR_NONE};
    struct output_version version;
    bool noted = going_version(segmented->work, segmented->tag, &missing, &version);
    int result = output_write_at(self, segmented->output, at, bytes, noted ? &version : NULL, &error);

    return result == 0 || result == -ECANCELED ? result : destination_fail(failure, &error);
}

static void open_more(struct co_task *self, struct segmented *segmented);

/* From where the gap begins.  1: it is filled; 0: the part has ended before it. */
static int fill(struct co_task *self, struct segmented *segmented, struct http_transfer *transfer, int place,
                struct failure *failure)
{
    const struct segment *gap = &segmented->missing->gaps[place];
    struct slice bytes = {.length = 0};
    int result;

    while ((result = http_transfer_read(self, transfer, &bytes, failure)) > 0) {
        if ((int64_t)bytes.length > gap->end - gap->at)
            bytes.length = (size_t)(gap->end - gap->at);
        result = put(self, segmented, gap->at, bytes, failure);
        if (result < 0)
            return result;
        if (segments_advance(segmented->missing, place, (int64_t)bytes.length))
            return 1;
        open_more(self, segmented);
    }
    return result;
}

static int ask_for_part(struct co_task *self, struct segmented *segmented, int place, struct arena *arena,
                        struct exchange *exchange, struct failure *failure)
{
    struct work *work = segmented->work;
    const struct segment *gap = &segmented->missing->gaps[place];
    struct http_request request = question_of(segmented->batch->options, work);
    struct http_transfer *transfer = NULL;
    int result;

    if (gap->at == 0)
        return -ERANGE; /* it would be the whole */
    result = hop_wait(self, work, work->result.origin);
    if (result < 0)
        return result;
    request.range = (struct range){gap->at, gap->end - 1, segmented->tag, segmented->missing->size};
    request.arena = arena;
    request.exchange = exchange;
    result = http_transfer_open(self, segmented->batch->places->client, &request, failure, &transfer);
    if (result == 0)
        result = http_transfer_goes_on(transfer) ? fill(self, segmented, transfer, place, failure) : -ERANGE;
    http_transfer_close(transfer);
    return result;
}

/* 0: as much as came has come, and the rest of the gap is free. */
static int bring(struct co_task *self, struct segmented *segmented, int place, struct failure *failure)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct exchange exchange = {.response_code = 0};
    int result = ask_for_part(self, segmented, place, &arena, &exchange, failure);

    segmented->came += exchange.size_download;
    if (result <= 0)
        segments_give_back(segmented->missing, place);
    pause_heed_answer(segmented->batch, &exchange, segmented->work->result.origin);
    return result < 0 ? result : 0;
}

static bool take_permits(struct segmented *segmented)
{
    struct batch *batch = segmented->batch;

    if (!co_semaphore_try(&batch->permits))
        return false;
    if (origins_lend(&batch->origins, segmented->work->origin))
        return true;
    co_semaphore_release(&batch->permits);
    return false;
}

static void give_permits_back(struct segmented *segmented)
{
    struct batch *batch = segmented->batch;

    origins_give_back(&batch->origins, segmented->work->origin);
    co_semaphore_release(&batch->permits);
    co_event_set(&batch->changed);
}

/* What it fails with is not told: the others bring what it has not. */
static int help(struct co_task *self, void *argument)
{
    const struct helper *helper = argument;
    struct segmented *segmented = helper->segmented;
    int place = helper->place, result = 0;

    while (place >= 0) {
        struct failure failure = {.class = FAILURE_NONE};

        result = bring(self, segmented, place, &failure);
        place = result == 0 ? segments_take(segmented->missing) : -1;
    }
    segmented->alone |= result < 0;
    segmented->connections--;
    give_permits_back(segmented);
    co_event_set(&segmented->ended);
    return 0;
}

static void open_more(struct co_task *self, struct segmented *segmented)
{
    while (!segmented->alone && segmented->connections < segmented->batch->options->segments) {
        int place = segments_take(segmented->missing);
        struct helper *helper = &segmented->helpers[place < 0 ? 0 : place];

        if (place < 0)
            return;
        *helper = (struct helper){segmented, place};
        if (!take_permits(segmented)) {
            segments_give_back(segmented->missing, place);
            return;
        }
        if (co_spawn_named(self, &segmented->group, "segment", help, helper, NULL) < 0) {
            give_permits_back(segmented);
            segments_give_back(segmented->missing, place);
            return;
        }
        segmented->connections++;
    }
}

/* When the first answer has brought its part. */
static int bring_rest(struct co_task *self, struct segmented *segmented, struct failure *failure)
{
    int result = 0;

    while (result == 0 && segments_missing(segmented->missing) > 0) {
        int place = segments_take(segmented->missing);

        if (place >= 0) {
            result = bring(self, segmented, place, failure);
        } else {
            co_event_clear(&segmented->ended);
            result = co_event_wait(self, &segmented->ended);
        }
    }
    return result;
}

/* The first connection has failed: the others may still bring everything. */
static int let_others_end(struct co_task *self, struct segmented *segmented, struct failure *failure)
{
    while (segmented->connections > 1) {
        int result;

        co_event_clear(&segmented->ended);
        result = co_event_wait(self, &segmented->ended);
        if (result < 0)
            return result;
    }
    if (segments_missing(segmented->missing) > 0)
        return -EIO;
    *failure = (struct failure){.class = FAILURE_NONE};
    return 0;
}

static int begin(struct co_task *self, struct segmented *segmented, struct failure *failure)
{
    const struct segments *missing = segmented->missing;
    CLEANUP(text_release) struct text words = {0};
    struct error error = {.kind = ERROR_NONE};
    struct output_version version;
    bool noted = going_version(segmented->work, segmented->tag, &words, &version);
    int result = output_scatter(self, segmented->output, missing->size - segments_missing(missing),
                                noted ? &version : NULL, &error);

    return result == 0 || result == -ECANCELED ? result : destination_fail(failure, &error);
}

/* The answer begins where the first gap does. */
static int share(struct co_task *self, struct segmented *segmented, struct http_transfer **transfer,
                 struct failure *failure)
{
    int place = segments_take(segmented->missing);
    int result = begin(self, segmented, failure);

    if (result == 0)
        result = fill(self, segmented, *transfer, place, failure);
    if (result <= 0)
        segments_give_back(segmented->missing, place);
    http_transfer_close(*transfer);
    *transfer = NULL;
    if (result >= 0)
        result = bring_rest(self, segmented, failure);
    if (result == -EIO && failure->transient)
        result = let_others_end(self, segmented, failure);
    return result;
}

static void note_missing(struct work *work, bool goes_on)
{
    if (work->missing)
        return;
    work->missing = arena_allocate(&work->result.arena, sizeof *work->missing);
    segments_init(work->missing, goes_on ? work->range.size : work->result.exchange.content_length);
    if (goes_on)
        work->missing->gaps[0].at = work->range.from;
}

static void note_all(struct exchange *exchange, int64_t came, int64_t began)
{
    exchange->size_download += came;
    exchange->time.total = co_now() - began;
    if (exchange->time.total > 0)
        exchange->speed_download = (int64_t)((double)exchange->size_download * 1e9 / (double)exchange->time.total);
}

int segmented_copy(struct co_task *self, struct http_transfer **transfer, struct destination *destination,
                   struct work *work, struct failure *failure)
{
    bool goes_on = http_transfer_goes_on(*transfer);
    struct segmented segmented = {
        .batch = work->batch,
        .work = work,
        .output = destination->output,
        .tag = goes_on ? work->range.validator : range_tag_of_parts(&work->result.exchange),
        .connections = 1,
    };
    int64_t began;
    int result;

    http_transfer_note(*transfer);
    began = co_now() - work->result.exchange.time.total;
    note_missing(work, goes_on);
    segmented.missing = work->missing;
    co_event_init(&segmented.ended);
    co_group_open(self, &segmented.group, CO_COLLECT, 0);
    result = share(self, &segmented, transfer, failure);
    if (result == -EIO || result == -ERANGE)
        co_group_cancel(&segmented.group);
    result = co_group_close(self, &segmented.group, result);
    note_all(&work->result.exchange, segmented.came, began);
    return result;
}

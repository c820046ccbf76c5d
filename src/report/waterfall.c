#include "waterfall.h"

#include "plain.h"
#include "shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int64_t waterfall_duration(const struct waterfall_transfer *transfer)
{
    return transfer->waited + phases_sum(&transfer->phases);
}

static struct slice without_scheme(struct slice url)
{
    const char *mark = url.length > 0 ? memmem(url.bytes, url.length, "://", 3) : NULL;

    return mark ? slice_from(url, (size_t)(mark - url.bytes) + 3) : url;
}

static struct waterfall_transfer describe(const struct result *result)
{
    CLEANUP(text_release) struct text subject = {0};
    CLEANUP(text_release) struct text shown = {0};
    struct waterfall_transfer transfer = {
        .index = result->job->index,
        .started_at = result->started_at,
        .phases = phases_of(&result->exchange),
        .status = result->status,
    };
    int64_t waited = result->time_elapsed - phases_sum(&transfer.phases);

    transfer.waited = waited > 0 ? waited : 0;
    plain_subject(&subject, result);
    shown_append_cut(&shown, without_scheme(text_slice(&subject)), WATERFALL_SUBJECT);
    snprintf(transfer.subject, sizeof transfer.subject, "%s", shown.bytes ? shown.bytes : "");
    return transfer;
}

static void thin_out(struct waterfall_sample *sample)
{
    sample->count /= 2;
    sample->step *= 2;
    for (unsigned i = 0; i < sample->count; i++)
        sample->kept[i] = sample->kept[2 * i];
}

/* `maximum` is even. */
static void offer(struct waterfall_sample *sample, unsigned maximum, const struct waterfall_transfer *transfer)
{
    uint64_t place = sample->offered++;

    if (sample->step == 0)
        sample->step = 1;
    if (sample->count == maximum && place % sample->step == 0)
        thin_out(sample);
    if (place % sample->step == 0)
        sample->kept[sample->count++] = *transfer;
}

static void offer_as_slow(struct waterfall *waterfall, const struct waterfall_transfer *transfer)
{
    struct waterfall_transfer *slowest = waterfall->slowest;
    unsigned place = waterfall->slowest_count;

    while (place > 0 && waterfall_duration(&slowest[place - 1]) < waterfall_duration(transfer))
        place--;
    if (place == WATERFALL_SLOWEST)
        return;
    if (waterfall->slowest_count < WATERFALL_SLOWEST)
        waterfall->slowest_count++;
    memmove(&slowest[place + 1], &slowest[place], (waterfall->slowest_count - 1 - place) * sizeof *slowest);
    slowest[place] = *transfer;
}

static void extend(struct waterfall *waterfall, const struct waterfall_transfer *transfer)
{
    int64_t ended_at = transfer->started_at + waterfall_duration(transfer);

    if (waterfall->count == 0 || transfer->started_at < waterfall->begun_at)
        waterfall->begun_at = transfer->started_at;
    if (ended_at > waterfall->ended_at)
        waterfall->ended_at = ended_at;
    waterfall->count++;
}

void waterfall_add(struct waterfall *waterfall, const struct result *result)
{
    struct waterfall_transfer transfer;

    if (result->started_at == 0 || result->attempt_count == 0)
        return;
    transfer = describe(result);
    extend(waterfall, &transfer);
    offer(&waterfall->all, WATERFALL_SAMPLE, &transfer);
    offer_as_slow(waterfall, &transfer);
    if (result_status_is_bad(result->status))
        offer(&waterfall->failures, WATERFALL_FAILURES, &transfer);
}

static int compare(const void *a, const void *b)
{
    const struct waterfall_transfer *const *left = a, *const *right = b;

    if ((*left)->started_at != (*right)->started_at)
        return (*left)->started_at < (*right)->started_at ? -1 : 1;
    if ((*left)->index == (*right)->index)
        return 0;
    return (*left)->index < (*right)->index ? -1 : 1;
}

static unsigned append(const struct waterfall_transfer **list, unsigned length, const struct waterfall_transfer *kept,
                       unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        list[length++] = &kept[i];
    return length;
}

unsigned waterfall_list(const struct waterfall *waterfall,
                        const struct waterfall_transfer *ret_list[static WATERFALL_MAXIMUM])
{
    unsigned length = 0, distinct = 0;

    length = append(ret_list, length, waterfall->all.kept, waterfall->all.count);
    length = append(ret_list, length, waterfall->failures.kept, waterfall->failures.count);
    length = append(ret_list, length, waterfall->slowest, waterfall->slowest_count);
    qsort(ret_list, length, sizeof(struct waterfall_transfer *), compare);
    for (unsigned i = 0; i < length; i++)
        if (distinct == 0 || compare(&ret_list[distinct - 1], &ret_list[i]) != 0)
            ret_list[distinct++] = ret_list[i];
    return distinct;
}

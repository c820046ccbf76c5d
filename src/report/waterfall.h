/* waterfall.h - what is remembered of a run to draw when its transfers happened, in memory that does not grow with it.
 *
 * Starts as all zero.  Few transfers are all kept; of many, some of those that failed, the slowest, and an even
 * sample of all.  A job that was never begun is not among them.
 */
#pragma once

#include "phases.h"

#include <haul/job/result.h>

#define WATERFALL_SAMPLE   64 /* kept of the whole run, or half as many */
#define WATERFALL_FAILURES 32 /* likewise */
#define WATERFALL_SLOWEST  24
#define WATERFALL_MAXIMUM  (WATERFALL_SAMPLE + WATERFALL_FAILURES + WATERFALL_SLOWEST)

struct waterfall_transfer {
    uint64_t index;
    int64_t started_at; /* wall clock */
    int64_t waited;     /* from then to the last attempt: pauses and earlier attempts */
    struct phases phases;
    enum result_status status;
    char subject[200]; /* fit to be shown, without its scheme, in WATERFALL_SUBJECT columns */
};

#define WATERFALL_SUBJECT 46

/* Every `step`th of those that were offered. */
struct waterfall_sample {
    struct waterfall_transfer kept[WATERFALL_SAMPLE];
    unsigned count;
    uint64_t step, offered;
};

struct waterfall {
    uint64_t count; /* of transfers that began */
    int64_t begun_at, ended_at;
    struct waterfall_sample all, failures;
    struct waterfall_transfer slowest[WATERFALL_SLOWEST]; /* the slowest first */
    unsigned slowest_count;
};

void waterfall_add(struct waterfall *waterfall, const struct result *result);

/* Each that is kept once, by the moment it began; gives how many. */
unsigned waterfall_list(const struct waterfall *waterfall,
                        const struct waterfall_transfer *ret_list[static WATERFALL_MAXIMUM]);

int64_t waterfall_duration(const struct waterfall_transfer *transfer);

/* ticker.h - shows how a run goes on: a block on the terminal ten times a second, or a sentence now and then.
 *
 * It looks at the flights and the totals, which others keep up to date.  A terminal that is slow gets fewer blocks.
 */
#pragma once

#include "screen.h"
#include "writer.h"

#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/job/flights.h>
#include <haul/job/totals.h>

struct ticker {
    const struct flights *flights;
    const struct totals *totals;
    struct screen *screen;    /* NULL: sentences */
    struct writer *sentences; /* runs as long as the ticker does */
    bool color;
    /* private: */
    int64_t began, last;
    int64_t bytes;
    double rate;
    bool is_ending, is_broken;
    struct co_event wake, ended;
    struct text block;
};

/* The fields above `private` are set, all else is zero.  Its task ignores cancels and ends after ticker_finish. */
int ticker_start(struct co_task *self, struct co_group *group, struct ticker *ticker);
void ticker_finish(struct co_task *self, struct ticker *ticker); /* nothing is shown any more; ignores cancels */
void ticker_release(struct ticker *ticker);

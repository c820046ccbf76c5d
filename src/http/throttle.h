/* throttle.h - no more bytes a second than are wanted, of each transfer and of all together.
 *
 * A transfer that is over its share is paused at curl, which holds the portion that it has read and reads no more,
 * until the portions before it have had their time; those that wait for the share of all are served in turns.  (curl's
 * own limit looks at an average, so that what was slow for a while may come in a burst later; and it knows of one
 * transfer only.)  While a transfer is paused curl does not take it for one that stalls.
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/timer.h>
#include <haul/job/bandwidth.h>

#include <stdbool.h>
#include <stdint.h>

/* Of a transfer; starts as all zero. */
struct throttled {
    struct list link; /* waiting for the share of all */
    struct co_timer timer;
    struct bandwidth bandwidth;
    struct throttle *throttle;
    bool has_turn;
};

/* Of a client. */
struct throttle {
    struct co_runtime *runtime;
    int64_t each, all;                           /* bytes a second; 0: any number */
    void (*resume)(struct throttled *throttled); /* makes curl go on */
    struct bandwidth bandwidth;
    struct list waiting;
    struct co_timer timer;
};

void throttle_init(struct throttle *throttle, struct co_runtime *runtime, int64_t each, int64_t all,
                   void (*resume)(struct throttled *));
void throttle_release(struct throttle *throttle);

/* The bytes that curl should read at once, `otherwise` when there is no limit. */
long throttle_portion(const struct throttle *throttle, long otherwise);

void throttle_begin(struct throttle *throttle, struct throttled *throttled);
void throttle_end(struct throttled *throttled);

/* Is it to pause?  Then it will be resumed. */
bool throttle_holds(struct throttled *throttled);
void throttle_note(struct throttled *throttled, int64_t bytes); /* they have been let through */

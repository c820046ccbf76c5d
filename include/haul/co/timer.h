/* timer.h - moments: sleeping, and being called when one has come.
 *
 * Moments are nanoseconds of the monotonic clock (co_now).  They are met late, never early, by up to a millisecond
 * when the loop is idle: that is the resolution of its poll.
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>

#include <stdbool.h>
#include <stdint.h>

CO_EXPORT_BEGIN

#define CO_FOREVER         INT64_MAX
#define CO_MICROSECONDS(n) ((int64_t)(n)*1000)
#define CO_MILLISECONDS(n) ((int64_t)(n)*1000000)
#define CO_SECONDS(n)      ((int64_t)(n)*1000000000)

int64_t co_now(void);                  /* reads the clock */
int64_t co_after(int64_t nanoseconds); /* co_now() + nanoseconds, CO_FOREVER at most */

/* For so long, or until that moment.  Without a time to sleep, 0 or less, co_sleep only yields.
 *
 * Fails when cancelled. */
int co_sleep(struct co_task *self, int64_t nanoseconds);
int co_sleep_until(struct co_task *self, int64_t moment);

/* A moment that calls back, for those who turn it into something else (a deadline, a library's timer).  The memory is
 * the caller's; starts as all zero.  `on_expire` runs on the scheduler's stack: it may mark, wake and start timers,
 * but not wait. */
struct co_timer {
    void (*on_expire)(struct co_timer *timer);
    int64_t moment;
    /* private: */
    uint64_t sequence;
    struct co_timer *child, *next, *previous;
    bool armed;
};

/* Sets the moment, whether the timer was armed or not. */
void co_timer_start(struct co_runtime *runtime, struct co_timer *timer, int64_t moment);
void co_timer_stop(struct co_runtime *runtime, struct co_timer *timer); /* nothing when it is not armed */

CO_EXPORT_END

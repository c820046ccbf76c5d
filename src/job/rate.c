#include <haul/job/rate.h>

#include <haul/base/clock.h>
#include <haul/base/memory.h>

#include <stdlib.h>

/* Timers are late; without catching up, a little of the rate would be lost with each start. */
#define CATCH_UP (20 * NANOSECONDS_PER_MILLISECOND)

static int64_t window_of(struct slice unit)
{
    if (slice_equal(unit, SLICE("s")))
        return NANOSECONDS_PER_SECOND;
    if (slice_equal(unit, SLICE("m")))
        return 60 * NANOSECONDS_PER_SECOND;
    return slice_equal(unit, SLICE("h")) ? 3600 * NANOSECONDS_PER_SECOND : 0;
}

bool rate_limit_parse(struct slice written, struct rate_limit *ret_limit)
{
    struct slice number, unit;
    unsigned long long count;

    if (!slice_cut(written, '/', &number, &unit) || window_of(unit) == 0 ||
        !slice_to_unsigned(number, RATE_MAXIMUM, &count) || count == 0)
        return false;
    *ret_limit = (struct rate_limit){.count = (unsigned)count, .window = window_of(unit)};
    return true;
}

void rate_release(struct rate *rate)
{
    free(rate->moments);
    *rate = (struct rate){.size = 0};
}

/* A hundredth more, because what starts here is seen elsewhere, later by more or less. */
static int64_t window(const struct rate_limit *limit)
{
    return limit->window + limit->window / 100;
}

int64_t rate_ready(const struct rate *rate, const struct rate_limit *limit)
{
    int64_t oldest_gone = 0;

    if (rate->size == limit->count)
        oldest_gone = rate->moments[rate->next] + window(limit);
    return rate->due > oldest_gone ? rate->due : oldest_gone;
}

static void make_room(struct rate *rate, const struct rate_limit *limit)
{
    if (rate->size < rate->capacity)
        return;
    rate->capacity = rate->capacity == 0 ? 1 : 2 * rate->capacity;
    if (rate->capacity > limit->count)
        rate->capacity = limit->count;
    rate->moments = memory_resize(rate->moments, rate->capacity * sizeof *rate->moments);
}

static void keep_moment(struct rate *rate, const struct rate_limit *limit, int64_t now)
{
    if (rate->size < limit->count) {
        make_room(rate, limit);
        rate->moments[rate->size++] = now;
        return;
    }
    rate->moments[rate->next] = now;
    rate->next = (rate->next + 1) % limit->count;
}

void rate_note_start(struct rate *rate, const struct rate_limit *limit, int64_t now)
{
    int64_t from = rate->due > now - CATCH_UP ? rate->due : now - CATCH_UP;

    if (rate->size == 0)
        from = now;
    rate->due = from + window(limit) / limit->count;
    keep_moment(rate, limit, now);
}

int64_t rate_forgotten(const struct rate *rate, const struct rate_limit *limit)
{
    unsigned last = rate->size < limit->count ? rate->size : rate->next + limit->count;

    if (rate->size == 0)
        return 0;
    return rate->moments[(last - 1) % limit->count] + window(limit);
}

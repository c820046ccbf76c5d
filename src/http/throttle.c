#include "throttle.h"

#define PORTION_MINIMUM 1024 /* curl's */

static void on_own_time(struct co_timer *timer)
{
    struct throttled *throttled = LIST_MEMBER(timer, struct throttled, timer);

    throttled->throttle->resume(throttled);
}

/* Whoever is resumed takes what curl has read for it right here, unless nobody reads it; then it is the next one's. */
static void serve(struct throttle *throttle)
{
    while (!list_is_empty(&throttle->waiting) && bandwidth_is_free(&throttle->bandwidth, co_now())) {
        struct throttled *first = LIST_MEMBER(list_take_first(&throttle->waiting), struct throttled, link);

        first->has_turn = true;
        throttle->resume(first);
    }
    if (!list_is_empty(&throttle->waiting))
        co_timer_start(throttle->runtime, &throttle->timer, throttle->bandwidth.free_from);
}

static void on_time_of_all(struct co_timer *timer)
{
    serve(LIST_MEMBER(timer, struct throttle, timer));
}

void throttle_init(struct throttle *throttle, struct co_runtime *runtime, int64_t each, int64_t all,
                   void (*resume)(struct throttled *))
{
    *throttle = (struct throttle){.runtime = runtime, .each = each, .all = all, .resume = resume};
    throttle->timer.on_expire = on_time_of_all;
    list_init(&throttle->waiting);
}

void throttle_release(struct throttle *throttle)
{
    co_timer_stop(throttle->runtime, &throttle->timer);
}

static long portion(int64_t limit, long otherwise)
{
    int64_t bytes = bandwidth_portion(limit);

    if (limit == 0 || bytes > otherwise)
        return otherwise;
    return bytes > PORTION_MINIMUM ? (long)bytes : PORTION_MINIMUM;
}

long throttle_portion(const struct throttle *throttle, long otherwise)
{
    return portion(throttle->each, portion(throttle->all, otherwise));
}

void throttle_begin(struct throttle *throttle, struct throttled *throttled)
{
    *throttled = (struct throttled){.throttle = throttle, .timer.on_expire = on_own_time};
}

void throttle_end(struct throttled *throttled)
{
    list_remove(&throttled->link);
    co_timer_stop(throttled->throttle->runtime, &throttled->timer);
}

static bool waits_for_itself(struct throttled *throttled, int64_t now)
{
    struct throttle *throttle = throttled->throttle;

    if (throttle->each == 0 || bandwidth_is_free(&throttled->bandwidth, now))
        return false;
    co_timer_start(throttle->runtime, &throttled->timer, throttled->bandwidth.free_from);
    return true;
}

static bool waits_for_others(struct throttled *throttled, int64_t now)
{
    struct throttle *throttle = throttled->throttle;

    if (throttle->all == 0 || throttled->has_turn ||
        (list_is_empty(&throttle->waiting) && bandwidth_is_free(&throttle->bandwidth, now)))
        return false;
    if (!throttled->link.next)
        list_append(&throttle->waiting, &throttled->link);
    if (!throttle->timer.armed)
        co_timer_start(throttle->runtime, &throttle->timer, throttle->bandwidth.free_from);
    return true;
}

bool throttle_holds(struct throttled *throttled)
{
    int64_t now = throttled->throttle->each > 0 || throttled->throttle->all > 0 ? co_now() : 0;

    return waits_for_itself(throttled, now) || waits_for_others(throttled, now);
}

void throttle_note(struct throttled *throttled, int64_t bytes)
{
    struct throttle *throttle = throttled->throttle;

    throttled->has_turn = false;
    if (throttle->each > 0)
        bandwidth_note(&throttled->bandwidth, throttle->each, bytes, co_now());
    if (throttle->all > 0)
        bandwidth_note(&throttle->bandwidth, throttle->all, bytes, co_now());
}

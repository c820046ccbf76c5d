#include "origins.h"

#include <haul/base/memory.h>

#include <stdlib.h>
#include <string.h>

static void settle(struct origins *origins, struct origin *origin);

static void on_rested(struct co_timer *timer)
{
    struct origin *origin = LIST_MEMBER(timer, struct origin, rest);
    struct origins *origins = origin->origins;

    settle(origins, origin);
    co_event_set(origins->changed);
}

void origins_init(struct origins *origins, struct co_runtime *runtime, struct co_event *changed, unsigned limit)
{
    *origins = (struct origins){.limit = limit, .runtime = runtime, .changed = changed};
    ranks_init(&origins->turns);
    list_init(&origins->idle);
}

static struct origin *find(struct origins *origins, const char *name)
{
    struct origin *origin;

    HASH_FIND_STR(origins->by_name, name, origin);
    if (origin)
        return origin;
    origin = memory_allocate(sizeof *origin);
    origin->name = memory_copy_string(name);
    origin->origins = origins;
    origin->rest.on_expire = on_rested;
    ranks_init(&origin->waiting);
    allowance_init(&origin->allowance, origins->limit);
    HASH_ADD_KEYPTR(hh, origins->by_name, origin->name, strlen(origin->name), origin);
    return origin;
}

static void forget(struct origins *origins, struct origin *origin)
{
    if (origins->runtime)
        co_timer_stop(origins->runtime, &origin->rest);
    list_remove(&origin->turn);
    HASH_DEL(origins->by_name, origin);
    rate_release(&origin->rate);
    free(origin->name);
    free(origin);
}

static void forget_longest_idle(struct origins *origins)
{
    origins->idle_count--;
    forget(origins, LIST_MEMBER(origins->idle.next, struct origin, turn));
}

static bool has_nothing_to_do(const struct origin *origin)
{
    return origin->running == 0 && ranks_are_empty(&origin->waiting);
}

static bool has_failed_too_often(const struct origins *origins, const struct origin *origin)
{
    return origins->breaker > 0 && origin->failures >= origins->breaker;
}

static bool is_open(const struct origins *origins, const struct origin *origin)
{
    return has_failed_too_often(origins, origin) && co_now() < origin->open_until;
}

static unsigned limit_of(const struct origins *origins, const struct origin *origin)
{
    return has_failed_too_often(origins, origin) ? 1 : origin->allowance.now;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Long enough for a trial after the breaker was open, and for works that wait for a retry. */
static int64_t trouble_forgotten(const struct origins *origins, const struct origin *origin)
{
    bool has_failed = origins->breaker > 0 && origin->failures > 0;
    bool is_restrained = origin->allowance.now < origin->allowance.most;
    int64_t last = later(has_failed ? origin->failed_at : 0, is_restrained ? origin->allowance.halved_at : 0);

    return last > 0 ? last + 2 * origins->trouble_rest : 0;
}

/* One with nothing to do rests until it can be forgotten. */
static int64_t rest_end(const struct origins *origins, const struct origin *origin)
{
    bool has_nothing = has_nothing_to_do(origin);
    int64_t until = origin->paused_until;

    if (origins->rate.count > 0)
        until = later(until, has_nothing ? rate_forgotten(&origin->rate, &origins->rate)
                                         : rate_ready(&origin->rate, &origins->rate));
    return has_nothing ? later(until, trouble_forgotten(origins, origin)) : until;
}

static bool let_rest(struct origins *origins, struct origin *origin)
{
    int64_t until = rest_end(origins, origin);

    if (until == 0 || until <= co_now())
        return false;
    if (!origin->rest.armed || origin->rest.moment != until)
        co_timer_start(origins->runtime, &origin->rest, until);
    return true;
}

static void leave_list(struct origins *origins, struct origin *origin)
{
    if (origin->idle)
        origins->idle_count--;
    origin->idle = false;
    list_remove(&origin->turn);
}

static void enter_idle(struct origins *origins, struct origin *origin)
{
    if (origin->idle)
        return;
    origin->idle = true;
    list_append(&origins->idle, &origin->turn);
    if (++origins->idle_count > ORIGINS_IDLE_MAXIMUM)
        forget_longest_idle(origins);
}

static void enter_turns(struct origins *origins, struct origin *origin)
{
    origin->turn_priority = ranks_highest(&origin->waiting);
    list_append(ranks_of(&origins->turns, origin->turn_priority), &origin->turn);
}

/* In the circle of turns as long as it has something to start; out of the table when there is nothing to know of it. */
static void settle(struct origins *origins, struct origin *origin)
{
    bool rests = let_rest(origins, origin);
    bool may_start = !ranks_are_empty(&origin->waiting) &&
                     (is_open(origins, origin) || (!rests && origin->running < limit_of(origins, origin)));

    if (origin->idle || !may_start || origin->turn_priority != ranks_highest(&origin->waiting))
        leave_list(origins, origin);
    if (may_start && !origin->turn.next)
        enter_turns(origins, origin);
    if (!has_nothing_to_do(origin))
        return;
    if (rests)
        enter_idle(origins, origin);
    else
        forget(origins, origin);
}

static void enter(struct origins *origins, struct work *work, struct list *place)
{
    list_append(place, &work->link);
    origins->waiting++;
    settle(origins, work->origin);
}

void origins_add(struct origins *origins, struct work *work)
{
    work->origin = find(origins, work->result.origin);
    enter(origins, work, ranks_of(&work->origin->waiting, work->job->priority));
}

void origins_add_first(struct origins *origins, struct work *work)
{
    work->origin = find(origins, work->result.origin);
    enter(origins, work, ranks_of(&work->origin->waiting, work->job->priority)->next);
}

static struct work *take_first(struct origins *origins, struct origin *origin)
{
    origins->waiting--;
    return LIST_MEMBER(ranks_take_first(&origin->waiting), struct work, link);
}

bool origins_have_turn(const struct origins *origins)
{
    return !ranks_are_empty(&origins->turns);
}

struct work *origins_take(struct origins *origins)
{
    struct list *turn = ranks_take_first(&origins->turns);
    struct origin *origin;
    struct work *work;

    if (!turn)
        return NULL;
    origin = LIST_MEMBER(turn, struct origin, turn);
    work = take_first(origins, origin);
    origin->running++;
    work->barred = is_open(origins, origin);
    if (origins->rate.count > 0 && !work->barred)
        rate_note_start(&origin->rate, &origins->rate, co_now());
    settle(origins, origin);
    return work;
}

bool origins_lend(struct origins *origins, struct origin *origin)
{
    if (!ranks_are_empty(&origin->waiting) || is_open(origins, origin) || origin->running >= limit_of(origins, origin))
        return false;
    origin->running++;
    return true;
}

int64_t origins_ready(const struct origins *origins, const char *name)
{
    struct origin *origin;

    HASH_FIND_STR(origins->by_name, name, origin);
    if (!origin)
        return 0;
    return later(origin->paused_until, origins->rate.count > 0 ? rate_ready(&origin->rate, &origins->rate) : 0);
}

void origins_note_start(struct origins *origins, const char *name)
{
    struct origin *origin;

    if (origins->rate.count == 0)
        return;
    origin = find(origins, name);
    rate_note_start(&origin->rate, &origins->rate, co_now());
    settle(origins, origin);
}

void origins_give_back(struct origins *origins, struct origin *origin)
{
    origin->running--;
    settle(origins, origin);
}

struct work *origins_take_any(struct origins *origins)
{
    struct origin *origin, *next;

    HASH_ITER(hh, origins->by_name, origin, next)
    {
        struct work *work;

        if (ranks_are_empty(&origin->waiting))
            continue;
        work = take_first(origins, origin);
        settle(origins, origin);
        return work;
    }
    return NULL;
}

bool origins_pause(struct origins *origins, const char *name, int64_t until)
{
    struct origin *origin = find(origins, name);
    bool is_later = until > origin->paused_until;

    if (is_later)
        origin->paused_until = until;
    settle(origins, origin);
    return is_later;
}

void origins_note_attempt(struct origin *origin, bool failed)
{
    const struct origins *origins = origin->origins;
    int64_t now;

    if (origins->breaker == 0)
        return;
    now = co_now();
    origin->failures = failed ? origin->failures + 1 : 0;
    origin->failed_at = now;
    if (has_failed_too_often(origins, origin) && now >= origin->open_until)
        origin->open_until = now + origins->trouble_rest;
    settle(origin->origins, origin);
}

bool origins_note_sign(struct origin *origin, enum allowance_sign sign, int64_t began)
{
    if (!origin->origins->adapts || !allowance_note(&origin->allowance, sign, began, co_now()))
        return false;
    settle(origin->origins, origin);
    return true;
}

void origins_release(struct origins *origins)
{
    while (origins->idle_count > 0)
        forget_longest_idle(origins);
}

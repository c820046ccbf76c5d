/* origins.h - who may be asked now: works wait at their origin, and origins take turns.
 *
 * Works of a higher priority go first, at their origin and among origins; with the same one origins take turns.
 *
 * An origin that rests is not asked, however many works wait there; the others go on.  Everything costs the same
 * however many origins and works there are, but for the timers' logarithm where origins rest.
 */
#pragma once

#include "ranks.h"
#include "work.h"

#include <haul/base/hash.h>
#include <haul/base/list.h>
#include <haul/co/event.h>
#include <haul/co/timer.h>
#include <haul/job/allowance.h>
#include <haul/job/rate.h>

#include <stddef.h>

#define ORIGINS_IDLE_MAXIMUM 4096

struct origins;

/* Forgotten again when nothing waits at it, nothing runs and it does not rest. */
struct origin {
    char *name;
    struct origins *origins;
    struct ranks waiting;
    struct list turn; /* in origins.turns while it may start something, in origins.idle while it only rests */
    int turn_priority;
    bool idle;
    unsigned running;
    int64_t paused_until; /* a moment */
    struct rate rate;
    struct allowance allowance;    /* works running at once */
    unsigned failures;             /* in a row */
    int64_t failed_at, open_until; /* moments; 0: never */
    struct co_timer rest;
    UT_hash_handle hh;
};

struct origins {
    struct origin *by_name;
    struct ranks turns;
    struct list idle; /* the longest so first */
    size_t idle_count;
    unsigned limit;   /* works running at once, each origin */
    bool adapts;      /* fewer where that is too much */
    unsigned breaker; /* so many failures in a row open it for `trouble_rest`; 0: never */
    int64_t trouble_rest;
    struct rate_limit rate; /* of taking works, each origin; none at first */
    size_t waiting;
    struct co_runtime *runtime;
    struct co_event *changed; /* set when an origin's rest is over */
};

/* Without a runtime no origin can rest. */
void origins_init(struct origins *origins, struct co_runtime *runtime, struct co_event *changed, unsigned limit);
void origins_release(struct origins *origins); /* nothing waits and nothing runs */

/* The work waits behind those of its origin (or before them). */
void origins_add(struct origins *origins, struct work *work);
void origins_add_first(struct origins *origins, struct work *work);

/* Is there one for origins_take()? */
bool origins_have_turn(const struct origins *origins);

/* The next work, with a permit of its origin; NULL when none may start now. */
struct work *origins_take(struct origins *origins);

/* The moment from which on it may be asked beside the turns; one that is over when that is now.  And: it is asked. */
int64_t origins_ready(const struct origins *origins, const char *name);
void origins_note_start(struct origins *origins, const char *name);

/* A permit beside those of works, when there is one and no work waits for it; given back as theirs. */
bool origins_lend(struct origins *origins, struct origin *origin);

/* One work less runs there.  The origin may be gone afterwards. */
void origins_give_back(struct origins *origins, struct origin *origin);

/* Nothing is started there until that moment, or a later one if that was said before: false then.  Of the origins that
 * have nothing to do but to rest, the ORIGINS_IDLE_MAXIMUM last ones are remembered. */
bool origins_pause(struct origins *origins, const char *name, int64_t until);

/* How an attempt there went.  While the breaker is open, works are taken `barred`, whatever
 * the limits; afterwards one at a time, until one does not fail. */
void origins_note_attempt(struct origin *origin, bool failed);

/* What that attempt, which began then, was a sign of; true when that changes how many works may run there at once. */
bool origins_note_sign(struct origin *origin, enum allowance_sign sign, int64_t began);

/* Any waiting work, without a permit; NULL when there is none. */
struct work *origins_take_any(struct origins *origins);

/* origins.h - who may be asked now: works wait at their origin, and origins take turns. */
#pragma once

#include "work.h"

#include <haul/base/list.h>

#include <stddef.h>
#include <uthash.h>

/* Forgotten again when nothing waits at it and nothing runs. */
struct origin {
    char *name;
    struct list waiting;
    struct list turn; /* in origins.turns while something waits and a permit is free */
    unsigned running;
    UT_hash_handle hh;
};

struct origins {
    struct origin *by_name;
    struct list turns;
    unsigned limit; /* works running at once, each origin */
    size_t waiting;
};

void origins_init(struct origins *origins, unsigned limit);

/* The work waits behind those of its origin (or before them). */
void origins_add(struct origins *origins, struct work *work);
void origins_add_first(struct origins *origins, struct work *work);

/* The next work, with a permit of its origin; NULL when none may start now. */
struct work *origins_take(struct origins *origins);

/* One work less runs there.  The origin may be gone afterwards. */
void origins_give_back(struct origins *origins, struct origin *origin);

/* Any waiting work, without a permit; NULL when there is none. */
struct work *origins_take_any(struct origins *origins);

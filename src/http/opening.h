/* opening.h - not too many connections to one origin on their way at once.
 *
 * A server takes connections from a queue of some hundreds to some thousands (net.core.somaxconn); what comes when it
 * is full is dropped, and asks again after one second, then three.  Thousands of transfers that begin together are
 * faster when they connect a few hundred at a time.
 */
#pragma once

#include <haul/co/task.h>

#define OPENING_AT_ONCE 256 /* of one origin: half of the shortest queue that servers commonly have */

struct opening; /* of one origin; exists while somebody is opening or waiting to */

struct openings {
    struct opening *by_origin;
};

/* 0 and the permit in *ret_opening; -ECANCELED. */
int opening_begin(struct co_task *self, struct openings *openings, const char *origin, struct opening **ret_opening);
void opening_end(struct openings *openings, struct opening *opening); /* NULL is fine */

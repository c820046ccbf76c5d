/* work.h - a job on its way to its result. */
#pragma once

#include <haul/base/text.h>
#include <haul/check/check.h>
#include <haul/co/timer.h>
#include <haul/disk/cache.h>
#include <haul/disk/output.h>
#include <haul/http/transfer.h>
#include <haul/http/url.h>
#include <haul/job/flights.h>
#include <haul/job/places.h>
#include <haul/job/range.h>
#include <haul/job/result.h>
#include <haul/job/segments.h>

struct batch;
struct origin;

struct work {
    struct list link; /* waiting at its origin, or for a retry */
    struct batch *batch;
    struct job *job;
    uint64_t place; /* in the order of the batch, if it has one */
    struct flight flight;
    struct result result;         /* its arena holds all strings of the work */
    struct http_url url;          /* the job's own */
    const struct http_url *asked; /* that, or a mirror's */
    struct places places;         /* which of them it is */
    struct http_content content;  /* the job's own, when it has some */
    struct origin *origin;
    struct status_set accept;  /* statuses that are success; none given: those below 300 */
    struct check_list *checks; /* of the job, from its first attempt on; NULL: none */
    struct text body;          /* as far as checks need it */
    bool body_is_too_large;    /* to be kept for them */
    struct output *kept;       /* what an attempt left to go on with, or NULL */
    const char *name;          /* of it, as asked for */
    struct range range;        /* of what is kept */
    struct segments *missing;  /* of it, in the arena; NULL: what follows the bytes that are there */
    struct cache_entry *known; /* of the file that is there, in the arena; NULL: nothing */
    bool known_is_sought;
    bool may_begin;       /* with the bytes of the file that stands under its name, which it is to replace then */
    bool is_no_beginning; /* that file, as has turned out */
    struct co_timer retry_timer;
    bool barred;     /* taken only to be told: the breaker of its origin is open */
    int64_t started; /* a moment; 0: not yet */
    int64_t began;   /* the last attempt, a moment */
    int64_t asking;  /* nanoseconds in attempts so far */
    int64_t wait;    /* before the coming attempt, as the retry policy or the server said */
    const char *wait_reason;
};

struct work *work_open(struct batch *batch, struct job *job); /* takes the job over */
void work_close(struct work *work);

/* Of the URL whose answer came last, which redirects may have led to. */
const char *work_answering_origin(struct work *work);

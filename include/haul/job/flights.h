/* flights.h - where a run stands now: the jobs that were read and have no result yet, for whoever shows progress.
 *
 * Whoever runs the jobs keeps it up to date, a few additions for each; whoever shows it looks whenever it likes.  Each
 * job brings the memory of its flight along.
 */
#pragma once

#include <haul/base/list.h>

#include <stdbool.h>
#include <stdint.h>

#define FLIGHT_SIZE_MAXIMUM (INT64_C(1) << 48) /* more is as good as unknown, and the sum of many stays a number */

struct job;

struct flight {
    const struct job *job; /* whose it is */
    struct list link;      /* while an attempt is under way */
    const char *name;      /* of its file, or its URL; as users and servers wrote it */
    int64_t began;         /* that attempt, a moment */
    int64_t came, size;    /* bytes of the body; size -1: unknown */
};

struct flights {
    struct list under_way; /* struct flight, in the order in which they began */
    unsigned count;        /* of them */
    uint64_t read;         /* jobs so far */
    bool all_read;         /* there will be no more */
    uint64_t unsized;      /* jobs without a result whose size is unknown */
    int64_t bytes;         /* of the others, what has come included */
};

void flights_init(struct flights *flights);

void flights_read(struct flights *flights, const struct job *job); /* one more was */

/* Of a job that was read; its size is what the job demands. */
void flight_init(struct flight *flight, const struct job *job);
void flights_begin(struct flights *flights, struct flight *flight, const char *name, int64_t now);
void flights_note_size(struct flights *flights, struct flight *flight, int64_t size); /* the server has told it */
void flights_end(struct flights *flights, struct flight *flight);                     /* the attempt */
void flights_remove(struct flights *flights, struct flight *flight);                  /* the job has its result */

/* What has come of all that is under way. */
int64_t flights_came(const struct flights *flights);

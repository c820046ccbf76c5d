/* places.h - where a body may be had: at the URL of the job, which is place 0, and at its mirrors; and which of them is
 * asked next.
 *
 * They are asked in their order, each once, until one gives what is wanted: a round.  Before the next round, which is a
 * retry, there is a wait.  A place that has failed in a way that will not pass is out of the rounds to come.
 */
#pragma once

#include <haul/job/job.h>

#include <stdbool.h>
#include <stdint.h>

#define PLACES_MAXIMUM (1 + JOB_MIRRORS_MAXIMUM)

/* All zero: the URL of the job alone, in the first round. */
struct places {
    unsigned mirrors;
    unsigned now;    /* the place that is asked */
    unsigned rounds; /* that are over */
    uint32_t out;    /* places, as bits */
};

/* The place of now has failed. */
void places_note_failure(struct places *places, bool may_pass);

/* Goes to the next place of this round; false: there is none. */
bool places_go_on(struct places *places);

/* May anything come of another round? */
bool places_are_left(const struct places *places);

/* Goes to the first place of another round; when none is left, or with `all`, every place is in again. */
void places_begin_round(struct places *places, bool all);

/* The URL of a place from 1 on. */
const char *places_mirror(const struct job *job, unsigned place);

unsigned places_count_mirrors(const struct job *job);

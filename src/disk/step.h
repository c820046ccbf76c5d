/* step.h - what a thread does for an output, whose task waits for it.
 *
 * Those with a token are for co_to_thread.  Results are 0 or a negative errno, with the step's error.
 */
#pragma once

#include <haul/base/error.h>
#include <haul/base/slice.h>
#include <haul/co/thread.h>

#include <stdbool.h>
#include <stdint.h>

struct output;

struct step {
    struct output *output;
    struct slice bytes;
    int64_t at;
    char *note;
    bool noted;
    bool more_follows;
    struct error *error;
};

int step_write(void *step, const struct co_token *token);

/* Writes, if that is not done, and then it has its final name; -EBUSY and -EEXIST, without an error, as part_publish.
 */
int step_publish(void *step, const struct co_token *token);

/* Nothing is written any more. */
int step_restart(void *step, const struct co_token *token);

/* The part file is made, when it is not there. */
int step_make_part(const struct step *step);

/* In scattered.c: reads all bytes, and feeds what is to be computed of them. */
int scattered_read(const struct step *step, const struct co_token *token);

/* What could not be done to the file. */
int step_fail(const struct step *step, const char *verb, int result);

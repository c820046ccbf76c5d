/* state.h - what the parts of a batch that runs share. */
#pragma once

#include "order.h"
#include "origins.h"
#include "work.h"

#include <haul/batch/batch.h>
#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/co/scope.h>
#include <haul/co/semaphore.h>
#include <haul/co/timer.h>
#include <haul/job/rate.h>

struct batch {
    const struct batch_options *options;
    const struct batch_places *places;
    struct error *error;
    struct co_scope scope; /* around all; cancelled when the batch is to stop */
    struct co_timer deadline;
    const char *stop_reason; /* why it stops before the end */
    bool work_is_left, work_is_barred;
    uint64_t begun, retries;
    struct co_group group;
    struct origins origins;
    struct list sleeping; /* works that wait for a retry */
    struct co_semaphore permits;
    struct rate rate;
    struct co_event changed;  /* something for the dispatcher to look at */
    struct co_event has_room; /* for the reader */
    struct co_event wanted;   /* works: few are left */
    struct list read;         /* jobs that are no works yet */
    struct text first_origin; /* of the jobs that were read */
    bool has_choice;          /* any of them may be the next to start */
    size_t jobs;              /* read and not delivered */
    struct order order;       /* with options->ordered */
    unsigned running, most_at_once;
    unsigned kept; /* part files of works that wait for a retry */
    bool input_ended;
    int input_result;
    struct error input_error;
    uint64_t random;
};

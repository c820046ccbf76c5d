/* tally.h - how often each URL was asked for, in a table of fixed size. */
#pragma once

#include <haul/base/slice.h>

#include <stdint.h>

#define TALLY_PLACES 65536

struct tally {
    struct {
        uint64_t hash; /* stands for the URL; 0: free */
        unsigned count;
    } places[TALLY_PLACES];
};

/* Counts one more, and gives how many there were before.  UINT_MAX when the table has no place left. */
unsigned tally_count(struct tally *tally, struct slice url);

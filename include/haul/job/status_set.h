/* status_set.h - some of the statuses of HTTP, as a user writes them: "200..299,404". */
#pragma once

#include <haul/base/slice.h>

#include <stdbool.h>
#include <stdint.h>

#define STATUS_SET_WORDS 10 /* of 64: statuses up to 639, of which 100 to 599 can be in */

/* All zero: none was given. */
struct status_set {
    bool given;
    uint64_t bits[STATUS_SET_WORDS];
};

/* Statuses and ranges of them, "200..299" or "2xx", with commas.  False when that is not what it is. */
bool status_set_parse(struct slice written, struct status_set *ret_set);

bool status_set_has(const struct status_set *set, int status);

/* contests.h - names that several outputs want, by a 64-bit hash, and the last number that one of them has got.
 *
 * No more than CONTESTS_MAXIMUM are remembered: then all are forgotten, and begin at 1 again.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CONTESTS_MAXIMUM 65536

struct contest;

/* Starts as all zero. */
struct contests {
    struct contest *by_name;
};

bool contests_have(const struct contests *contests, uint64_t name);

/* Above `tried`, which whoever asks has had already: also who was forgotten meanwhile comes to an end. */
unsigned contests_next(struct contests *contests, uint64_t name, unsigned tried);

void contests_release(struct contests *contests);

/* checksum.h - what a body's digest is to be, as people and servers write it.  Reads; computes nothing. */
#pragma once

#include <haul/base/slice.h>

#include <stdbool.h>

struct checksum {
    struct slice algorithm; /* as written: "sha256" */
    struct slice hex;       /* digits of either case, an even number of them */
};

/* "sha256=HEX", or "sha256:HEX".  Whether there is such an algorithm, and whether its digests are that long, it does
 * not know.  False, with both empty, for anything else. */
bool checksum_parse(struct slice written, struct checksum *ret_checksum);

bool checksum_is_hex(struct slice slice);

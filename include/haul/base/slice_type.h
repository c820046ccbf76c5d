/* slice_type.h - struct slice by itself, for those who only hand slices on; slice.h is what one can do with them.
 *
 * A slice is some bytes that somebody else keeps alive.  It may hold any byte, NUL included, and is not terminated.
 * The empty slice has length 0; its pointer is then of no interest.
 */
#pragma once

#include <stddef.h>

struct slice {
    const char *bytes;
    size_t length;
};

/* printf("'" SLICE_FORMAT "'\n", SLICE_ARGUMENT(line)); */
#define SLICE_FORMAT          "%.*s"
#define SLICE_ARGUMENT(slice) (int)(slice).length, (slice).bytes

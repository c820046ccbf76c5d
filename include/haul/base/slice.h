/* slice.h - look without owning: some bytes that somebody else keeps alive (slice_type.h). */
#pragma once

#include <haul/base/slice_type.h>

#include <stdbool.h>
#include <string.h>

/* NULL gives the empty slice. */
static inline struct slice slice_of(const char *string)
{
    return string ? (struct slice){string, strlen(string)} : (struct slice){0};
}

#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

bool slice_equal(struct slice a, struct slice b);
bool slice_equal_ignoring_case(struct slice a, struct slice b); /* ASCII letters only */
bool slice_starts_with(struct slice slice, struct slice prefix);
bool slice_ends_with(struct slice slice, struct slice suffix);
bool slice_contains_byte(struct slice slice, char byte);
const char *slice_find(struct slice slice, struct slice part); /* where it begins first, or NULL */
bool slice_has_control_character(struct slice slice);          /* of ASCII: NUL, tab, newline and DEL are some */

/* Without spaces, tabs, carriage returns and newlines at both ends. */
struct slice slice_trim(struct slice slice);

/* From `start` (clamped) to the end. */
static inline struct slice slice_from(struct slice slice, size_t start)
{
    return start < slice.length ? (struct slice){slice.bytes + start, slice.length - start} : (struct slice){0};
}

/* Cuts at the first `separator`: true with both parts, separator dropped; false with everything in *ret_head and an
 * empty *ret_tail when there is none.  Either pointer may be that of `slice` itself. */
bool slice_cut(struct slice slice, char separator, struct slice *ret_head, struct slice *ret_tail);

/* As slice_cut, but at the last one; without one everything is in *ret_tail. */
bool slice_cut_last(struct slice slice, char separator, struct slice *ret_head, struct slice *ret_tail);

/* The whole slice as a decimal number.  False when it is empty, not all digits, or above `maximum`. */
bool slice_to_unsigned(struct slice slice, unsigned long long maximum, unsigned long long *ret_number);

/* glob.h - one argument that stands for many URLs, as curl understands it.
 *
 *     [1-100]  [001-100]  [0-100:10]  [a-z]  [a-z:2]  {one,two,three}
 *
 * Each is a glob; the last one of a pattern turns fastest.  A number that begins with 0 keeps its width.  A backslash
 * before a bracket or a brace, or before anything within braces, takes its meaning away; an IPv6 address in brackets is
 * none, nor is "[]".  URLs are made one at a time: what is kept is the pattern, however many there are.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/cleanup.h>
#include <haul/base/slice.h>
#include <haul/base/text.h>

#include <stdbool.h>
#include <stdint.h>

#define GLOB_GLOBS_MAXIMUM        50
#define GLOB_ALTERNATIVES_MAXIMUM 10000                   /* in one pair of braces */
#define GLOB_URLS_MAXIMUM         UINT64_C(1000000000000) /* of one pattern */

struct glob_piece;

/* Starts as all zero. */
struct glob {
    struct arena arena;
    struct glob_piece *first;
    uint64_t count;      /* of the URLs */
    const char *problem; /* what is wrong at the column, as a sentence */
    size_t column;       /* from 1 */
};

/* False when the pattern is none; `problem` and `column` say why and where.  The pattern is copied. */
bool glob_read(struct glob *glob, struct slice pattern);
void glob_release(struct glob *glob);
CLEANUP_VALUE(glob_release, struct glob)

/* Appends the URL at a place from 0 on, and what each glob stands for there, each behind a newline. */
void glob_write(const struct glob *glob, uint64_t place, struct text *url, struct text *matches);

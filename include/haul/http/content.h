/* content.h - what a request carries: bytes, or parts that follow one another, some of which are files. */
#pragma once

#include <haul/base/slice.h>

#include <stddef.h>

struct http_part {
    struct slice bytes;
    const char *path; /* of a regular file that is sent instead; NULL: none */
};

/* All of it outlives the request. */
struct http_content {
    struct slice bytes;
    const struct http_part *parts; /* instead of the bytes; NULL: none */
    size_t part_count;
    const char *type; /* "Content-Type: ..."; NULL: by the headers of the client, else that of a form for bytes, and
                         none for parts */
};

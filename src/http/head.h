/* head.h - the status line and headers of an answer, collected line by line from curl's callback. */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/text.h>
#include <haul/job/exchange.h>

#include <stdbool.h>

#define HEAD_MAXIMUM (256 * 1024) /* bytes of all header lines to one question: 1xx answers and trailers count */

struct head {
    struct text lines; /* "name\0value\0..." of the answer that is being read */
    unsigned count;
    size_t received; /* bytes of lines */
    int response_code;
    char reason[64];
    int64_t content_length; /* -1: none */
    bool is_http_1;
    bool has_location, has_transfer_encoding;
    bool ended; /* the blank line has come */
};

void head_release(struct head *head);
void head_clear(struct head *head);

/* One line as curl gives it, with its end.  A status line begins anew: the answers before it (1xx) do not count.
 * NULL, or why the answer is to be refused. */
const char *head_add(struct head *head, struct slice line);

/* Does a body go on until the connection ends (RFC 9112, 6.3)? */
bool head_ends_with_connection(const struct head *head);

/* The first header of that name (lower case), or NULL; valid until the next line. */
const char *head_value(const struct head *head, const char *name);

/* The headers as an array in the arena. */
struct header *head_headers(const struct head *head, struct arena *arena);

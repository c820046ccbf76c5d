/* part.h - which part of a resource a request wants, and whether it wants it at all: If-None-Match, Range of one range,
 * If-Range (RFC 9110, 13 and 14).
 */
#pragma once

#include "exchange.h"

struct resource {
    unsigned long long size;
    char etag[48];     /* with its quotes */
    char modified[64]; /* an HTTP date; empty: unknown */
};

struct part {
    int status;                      /* 200, 206, 304 or 416 */
    unsigned long long first, count; /* the body: none unless the status is 200 or 206 */
};

struct part part_wanted(const struct request *request, const struct resource *resource);

/* The head of the answer. */
void begin_part(struct co_task *self, struct exchange *exchange, const struct resource *resource,
                const struct part *part);

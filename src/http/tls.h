/* tls.h - what there is to know of a connection over TLS.  Both functions are for callbacks of curl, when the
 * connection is at hand, and do nothing where there is no TLS. */
#pragma once

#include <haul/base/arena.h>
#include <haul/job/exchange.h>

#include <curl/curl.h>
#include <stdbool.h>

/* Did a connection whose end is the end of a body end, or was it cut?  A server that ends it says so (RFC 9112, 9.8);
 * libcurl 7.88 takes both for the end.  Starts as all zero. */
struct tls_end {
    bool matters;
    bool said;
};

static inline bool tls_end_was_cut(const struct tls_end *end)
{
    return end->matters && !end->said;
}

/* The end must stay where it is until the connection is closed. */
void tls_watch_end(CURL *easy, struct tls_end *end);

/* Version and certificate. */
void tls_note(CURL *easy, struct exchange *exchange, struct arena *arena);

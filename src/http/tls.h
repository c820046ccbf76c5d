/* tls.h - what there is to know of a connection over TLS.  Where there is none, none of this does anything. */
#pragma once

#include <haul/http/transfer.h>

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

/* For callbacks of curl, when the connection is at hand.  The end must stay where it is until it is closed. */
void tls_watch_end(CURL *easy, struct tls_end *end);

/* Likewise: version and certificate. */
void tls_note(CURL *easy, struct exchange *exchange, struct arena *arena);

/* Of a connection that is refused libcurl keeps nothing: from now on, each certificate that this handle comes to judge
 * is noted as it is judged, for the request that is there then. */
void tls_note_judged(CURL *easy, const struct http_request *request);

/* Why a certificate so judged was refused; NULL: it was not. */
const char *tls_refusal(const struct exchange *exchange);

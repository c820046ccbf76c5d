/* exchange.h - what asking a server came to: the part of the record that comes from the network.
 *
 * Filled by http, told by report.  Names, types and meaning are those of curl's --write-out variables; times are
 * nanoseconds since the exchange began.  Strings are owned by the arena that was given with the request; NULL is
 * "unknown".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct header {
    const char *name; /* lower case */
    const char *value;
};

/* Names mostly differ in their first character; a lookup compares many. */
static inline bool header_has_name(const struct header *header, const char *name)
{
    return header->name[0] == name[0] && strcmp(header->name, name) == 0;
}

struct redirect {
    const char *url;
    int response_code;
    const char *location; /* absolute */
};

struct exchange {
    const char *url_effective; /* after redirects, without user info */
    const char *http_version;  /* "1.0", "1.1", "2" */
    int response_code;         /* 0: no answer */

    struct header *headers; /* of the final response, in order of arrival */
    unsigned header_count;
    struct redirect *redirects;
    unsigned redirect_count;

    struct {
        int64_t name_lookup, connect, app_connect, pre_transfer, start_transfer, redirect, total;
    } time;
    int64_t size_download;             /* body bytes, errors' bodies included */
    int64_t size_header, size_request; /* of all hops */
    int64_t size_upload;
    int64_t speed_download; /* bytes per second */
    int64_t content_length; /* of the body as announced; -1: it was not */
    bool expanded;          /* the body came encoded, and what was handed on is what it holds */

    const char *remote_ip;
    int remote_port;
    int num_connects; /* connections made for all hops; 0: open ones were used */
    struct {
        int num_connects;
        int64_t size_header, size_request;
    } redirected; /* what of these took the hops before the last */
    struct exchange_tls {
        const char *version;   /* "TLSv1.3"; NULL: no TLS, or none yet */
        const char *not_after; /* of the server's certificate, RFC 3339 */
        int verify_result;     /* 0: verified; else OpenSSL's X509_V_ERR_* */
        bool refused;          /* by us, for that */
    } tls;
};

/* The first header of that name (lower case), or NULL. */
const char *exchange_header(const struct exchange *exchange, const char *name);

/* url.h - what of a URL the rest of haul needs (RFC 3986, through libcurl's parser). */
#pragma once

#include <haul/base/arena.h>

#include <stdbool.h>

struct http_url {
    const char *text;   /* normalised, with user info if there was any: for the request */
    const char *shown;  /* without user info, bytes that are not ASCII percent-encoded: for people and records */
    const char *origin; /* scheme://host:port, lower case, port always there (RFC 6454) */
    const char *host;   /* as in the origin; IPv6 in brackets */
    const char *path;   /* as sent, percent-encoded, begins with "/" */
};

/* http and https only; a URL without a scheme is http.  False with *ret_problem, a sentence, when it is none. */
bool http_url_parse(struct arena *arena, const char *text, struct http_url *ret_url, const char **ret_problem);

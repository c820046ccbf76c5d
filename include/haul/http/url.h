/* url.h - what of a URL the rest of haul needs (RFC 3986, through libcurl's parser). */
#pragma once

#include <haul/base/arena.h>

#include <stdbool.h>

struct http_url {
    const char *text; /* normalised and ASCII: percent-encoded, host in punycode, without user info or fragment */
    const char *user; /* user info, decoded; NULL: none */
    const char *password;
    const char *scheme; /* "http" or "https" */
    const char *host;   /* lower case; IPv6 in brackets */
    int port;
    const char *origin; /* scheme://host:port, port always there (RFC 6454) */
    const char *path;   /* as sent, percent-encoded, begins with "/" */
    bool is_plain;      /* nothing in it is encoded, and it was written as libcurl would write it */
};

/* Puts the name, encoded, behind a path that ends in a slash. */
void http_url_add_name(struct arena *arena, struct http_url *url, const char *name);

/* http and https only; a URL without a scheme is http.  False with *ret_problem, a sentence, when it is none. */
bool http_url_parse(struct arena *arena, const char *text, struct http_url *ret_url, const char **ret_problem);

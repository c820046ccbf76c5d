/* parts.h - a plain URL handed to libcurl in parts: a fifth of what it does for a request otherwise is to take the URL
 * apart, to write it anew, and to take that.
 *
 * A handle belongs to one easy handle and is kept from one request to the next, since the origin is often the same.
 */
#pragma once

#include <haul/http/url.h>

#include <curl/curl.h>

struct parts {
    CURLU *handle; /* NULL: not needed so far */
    char *origin;  /* of which the handle has the parts */
};

/* Sets CURLOPT_URL, and CURLOPT_CURLU where the URL is plain. */
void parts_give_url(struct parts *parts, CURL *easy, const struct http_url *url);

void parts_release(struct parts *parts);

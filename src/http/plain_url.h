/* plain_url.h - takes a URL apart that is written as libcurl would write it, which most are, at a twentieth of the
 * time.
 *
 * Plain is "http://host/path" or "https://host:port/path?query": a name in lower case or an IPv4 address, no user info,
 * no fragment, no percent sign, no dot segments, nothing to encode.  All else is libcurl's to understand.
 */
#pragma once

#include <haul/http/url.h>

#include <haul/base/slice.h>

/* False when the URL is not plain: that says nothing about it. */
bool plain_url_parse(struct arena *arena, struct slice text, struct http_url *ret_url);

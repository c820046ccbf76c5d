#include "parts.h"

#include <haul/base/memory.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A part that is NULL is none. */
static bool set(const struct parts *parts, CURLUPart what, const char *part)
{
    return curl_url_set(parts->handle, what, part, 0) == CURLUE_OK;
}

static bool set_origin(struct parts *parts, const struct http_url *url)
{
    bool usual = url->port == (strcmp(url->scheme, "https") == 0 ? 443 : 80);
    char port[sizeof "65535"];

    if (parts->origin && strcmp(parts->origin, url->origin) == 0)
        return true;
    free(parts->origin);
    parts->origin = NULL;
    snprintf(port, sizeof port, "%hu", (unsigned short)url->port);
    if (!set(parts, CURLUPART_SCHEME, url->scheme) || !set(parts, CURLUPART_HOST, url->host) ||
        !set(parts, CURLUPART_PORT, usual ? NULL : port))
        return false;
    parts->origin = memory_copy_string(url->origin);
    return true;
}

static bool take(struct parts *parts, const struct http_url *url)
{
    const char *query = strchr(url->text, '?'); /* a plain one has no fragment before it */

    if (!url->is_plain)
        return false;
    if (!parts->handle)
        parts->handle = curl_url();
    return parts->handle && set_origin(parts, url) && set(parts, CURLUPART_PATH, url->path) &&
           set(parts, CURLUPART_QUERY, query ? query + 1 : NULL);
}

void parts_give_url(struct parts *parts, CURL *easy, const struct http_url *url)
{
    curl_easy_setopt(easy, CURLOPT_CURLU, take(parts, url) ? parts->handle : NULL);
    curl_easy_setopt(easy, CURLOPT_URL, url->text);
}

void parts_release(struct parts *parts)
{
    curl_url_cleanup(parts->handle);
    free(parts->origin);
}

#include "plain_url.h"

#include <haul/http/url.h>

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#if LIBCURL_VERSION_NUM >= 0x075800
#define AS_ASCII CURLU_PUNYCODE
#else
#define AS_ASCII 0
#endif

/* NULL when the part is absent. */
static const char *part(struct arena *arena, CURLU *url, CURLUPart what, unsigned flags)
{
    char *text = NULL;
    const char *copy = NULL;

    if (curl_url_get(url, what, &text, flags) == CURLUE_OK)
        copy = arena_copy_string(arena, text);
    curl_free(text);
    return copy;
}

/* False when nothing had to change. */
static bool lower_case(char *text)
{
    bool changed = false;

    for (; *text; text++) {
        if (*text < 'A' || *text > 'Z')
            continue;
        *text += 'a' - 'A';
        changed = true;
    }
    return changed;
}

static bool is_allowed(const char *scheme)
{
    struct slice slice = slice_of(scheme);

    return slice_equal(slice, SLICE("http")) || slice_equal(slice, SLICE("https"));
}

/* curl decodes it, and lets pass what no host has.  An IPv6 address may have a zone. */
static bool is_host(struct slice host)
{
    bool has_percent = slice_contains_byte(host, '%') && !slice_starts_with(host, SLICE("["));

    return !has_percent && !slice_has_control_character(host);
}

static bool take_apart(struct arena *arena, CURLU *url, struct http_url *ret_url, const char **ret_problem)
{
    const char *port = part(arena, url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    const char *host = part(arena, url, CURLUPART_HOST, AS_ASCII);

    ret_url->scheme = part(arena, url, CURLUPART_SCHEME, 0);
    if (!is_allowed(ret_url->scheme)) {
        *ret_problem = arena_format(arena, "scheme '%s' is not http or https", ret_url->scheme);
        return false;
    }
    if (!host || !port || !is_host(slice_of(host))) {
        *ret_problem = "no host that could be looked up";
        return false;
    }
    ret_url->port = atoi(port);
    if (ret_url->port == 0) {
        *ret_problem = "nobody can be asked at port 0";
        return false;
    }
    if (lower_case((char *)host))
        curl_url_set(url, CURLUPART_HOST, host, 0);
    ret_url->host = host;
    ret_url->path = part(arena, url, CURLUPART_PATH, 0);
    ret_url->user = part(arena, url, CURLUPART_USER, CURLU_URLDECODE);
    ret_url->password = part(arena, url, CURLUPART_PASSWORD, CURLU_URLDECODE);
    curl_url_set(url, CURLUPART_USER, NULL, 0);
    curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
    curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
    ret_url->text = part(arena, url, CURLUPART_URL, AS_ASCII);
    ret_url->origin = arena_format(arena, "%s://%s:%d", ret_url->scheme, host, ret_url->port);
    return ret_url->text != NULL;
}

static bool parse(struct arena *arena, const char *text, struct http_url *ret_url, const char **ret_problem)
{
    CURLU *url = curl_url();
    CURLUcode code =
        curl_url_set(url, CURLUPART_URL, text, CURLU_GUESS_SCHEME | CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME);
    bool good = false;

    *ret_url = (struct http_url){.text = NULL};
    *ret_problem = "not a URL";
    if (code != CURLUE_OK)
        *ret_problem = arena_copy_string(arena, curl_url_strerror(code));
    else
        good = take_apart(arena, url, ret_url, ret_problem);
    curl_url_cleanup(url);
    return good;
}

void http_url_add_name(struct arena *arena, struct http_url *url, const char *name)
{
    const char *query = strchrnul(url->text, '?');
    char *encoded;

    if (!slice_ends_with(slice_of(url->path), SLICE("/")))
        return;
    encoded = curl_easy_escape(NULL, name, 0);
    url->text = arena_format(arena, "%.*s%s%s", (int)(query - url->text), url->text, encoded, query);
    url->path = arena_format(arena, "%s%s", url->path, encoded);
    url->is_plain = false;
    curl_free(encoded);
}

bool http_url_parse(struct arena *arena, const char *text, struct http_url *ret_url, const char **ret_problem)
{
    struct http_url decoded;

    if (plain_url_parse(arena, slice_of(text), ret_url))
        return true;
    if (!slice_contains_byte(slice_of(text), '%'))
        return parse(arena, text, ret_url, ret_problem);
    /* A host that was encoded may turn out to be an address, which has forms of its own. */
    if (!parse(arena, text, &decoded, ret_problem) || !parse(arena, decoded.text, ret_url, ret_problem))
        return false;
    ret_url->user = decoded.user;
    ret_url->password = decoded.password;
    return true;
}

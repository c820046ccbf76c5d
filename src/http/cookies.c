#include "cookies.h"

#include <haul/base/memory.h>

#include <stdlib.h>
#include <string.h>

struct cookies {
    CURLSH *share;
    CURL *keeper; /* through which they are put in and looked at */
    const char *const *given;
    unsigned set; /* by servers, at most */
};

/* Words that mean something else to libcurl have no tab. */
static bool is_cookie(const char *line)
{
    bool is_comment = line[0] == '#' && strncmp(line, "#HttpOnly_", strlen("#HttpOnly_")) != 0;

    return strlen(line) <= COOKIE_LINE_MAXIMUM && !is_comment &&
           (strchr(line, '\t') || strncasecmp(line, "Set-Cookie:", strlen("Set-Cookie:")) == 0);
}

static void add_given(struct cookies *cookies)
{
    for (const char *const *lines = cookies->given; lines && *lines; lines++)
        if (is_cookie(*lines))
            curl_easy_setopt(cookies->keeper, CURLOPT_COOKIELIST, *lines);
}

static unsigned count(const struct cookies *cookies)
{
    struct curl_slist *lines = NULL;
    unsigned number = 0;

    curl_easy_getinfo(cookies->keeper, CURLINFO_COOKIELIST, &lines);
    for (const struct curl_slist *line = lines; line; line = line->next)
        number++;
    curl_slist_free_all(lines);
    return number;
}

/* Counting costs as much as there are, so it is done when as many have been set. */
void cookies_keep_within_bounds(struct cookies *cookies)
{
    if (!cookies || cookies->set <= COOKIES_MAXIMUM)
        return;
    cookies->set = count(cookies);
    if (cookies->set <= COOKIES_MAXIMUM / 2)
        return;
    curl_easy_setopt(cookies->keeper, CURLOPT_COOKIELIST, "ALL");
    add_given(cookies);
    cookies->set = 0;
}

void cookies_note_header(struct cookies *cookies, struct slice line)
{
    struct slice name, value;

    if (cookies && slice_cut(line, ':', &name, &value))
        cookies->set += slice_equal_ignoring_case(name, SLICE("Set-Cookie"));
}

void cookies_use(struct cookies *cookies, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_SHARE, cookies->share);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, ""); /* else it looks at none */
}

struct cookies *cookies_open(const char *const *lines)
{
    struct cookies *cookies = memory_allocate(sizeof *cookies);

    cookies->share = curl_share_init();
    cookies->keeper = curl_easy_init();
    if (!cookies->share || !cookies->keeper ||
        curl_share_setopt(cookies->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) != CURLSHE_OK) {
        cookies_close(cookies);
        return NULL;
    }
    curl_share_setopt(cookies->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_PSL); /* fails where there is no libpsl */
    cookies_use(cookies, cookies->keeper);
    cookies->given = lines;
    add_given(cookies);
    return cookies;
}

void cookies_close(struct cookies *cookies)
{
    if (!cookies)
        return;
    curl_easy_cleanup(cookies->keeper);
    curl_share_cleanup(cookies->share);
    free(cookies);
}

void cookies_write(const struct cookies *cookies, struct text *text)
{
    struct curl_slist *lines = NULL;

    text_append_string(text, "# Netscape HTTP Cookie File\n");
    curl_easy_getinfo(cookies->keeper, CURLINFO_COOKIELIST, &lines);
    for (const struct curl_slist *line = lines; line; line = line->next)
        text_append_format(text, "%s\n", line->data);
    curl_slist_free_all(lines);
}

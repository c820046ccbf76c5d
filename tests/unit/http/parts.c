#include "../../../src/http/parts.h"

#include "../../../src/http/plain_url.h"

#include <haul/base/memory.h>
#include <haul/base/slice.h>

#include <criterion/criterion.h>

static void give(struct parts *parts, CURL *easy, const char *text)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct http_url url;
    const char *problem;

    cr_assert(http_url_parse(&arena, text, &url, &problem), "%s: %s", text, problem);
    parts_give_url(parts, easy, &url);
}

static void expect_handle_to_say(const struct parts *parts, const char *text)
{
    char *url = NULL;

    cr_assert_eq(curl_url_get(parts->handle, CURLUPART_URL, &url, CURLU_NO_DEFAULT_PORT), CURLUE_OK);
    cr_expect_str_eq(url, text);
    curl_free(url);
}

Test(parts, say_what_the_url_says_whatever_was_given_before)
{
    static const char *const urls[] = {
        "http://a.example/",
        "http://a.example/path?query=1&b",
        "http://a.example/path",
        "http://a.example:8080/path",
        "https://a.example/path?a?b",
        "http://127.0.0.1:9/x/y,z:+=",
        "http://b.example/",
        "http://a.example/",
    };
    struct parts parts = {0};
    CURL *easy = curl_easy_init();

    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        give(&parts, easy, urls[i]);
        expect_handle_to_say(&parts, urls[i]);
    }
    parts_release(&parts);
    curl_easy_cleanup(easy);
}

/* libcurl would write "%2f" in them, which is not what a signature was made of. */
Test(parts, are_not_made_of_what_is_percent_encoded)
{
    struct parts parts = {0};
    CURL *easy = curl_easy_init();

    give(&parts, easy, "http://a.example/a%2Fb");
    cr_expect_null(parts.handle);
    parts_release(&parts);
    curl_easy_cleanup(easy);
}

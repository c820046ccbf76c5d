#include <haul/http/url.h>

#include <criterion/criterion.h>
#include <string.h>

Test(url, is_taken_apart)
{
    static const struct {
        const char *text, *origin, *path, *shown, *user;
    } cases[] = {
        {"http://a.example/x?y#z", "http://a.example:80", "/x", "http://a.example/x?y", NULL},
        {"https://A.Example:8443", "https://a.example:8443", "/", "https://a.example:8443/", NULL},
        {"a.example/x", "http://a.example:80", "/x", "http://a.example/x", NULL},
        {"HTTP://[::1]:80/", "http://[::1]:80", "/", "http://[::1]:80/", NULL},
        {"http://me:secret@a.example/", "http://a.example:80", "/", "http://a.example/", "me"},
        {"http://a.example/a b\xc3\xa4", "http://a.example:80", "/a%20b%c3%a4", "http://a.example/a%20b%c3%a4", NULL},
        {"http://me:s%40@%37%37/%41", "http://0.0.0.77:80", "/%41", "http://0.0.0.77/%41", "me"},
        {"http://a.example/a/../b", "http://a.example:80", "/b", "http://a.example/b", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        const char *problem = NULL;
        struct http_url url;

        cr_assert(http_url_parse(&arena, cases[i].text, &url, &problem), "%s: %s", cases[i].text, problem);
        cr_expect_str_eq(url.origin, cases[i].origin);
        cr_expect_str_eq(url.path, cases[i].path);
        cr_expect_str_eq(url.text, cases[i].shown);
        cr_expect(cases[i].user ? url.user && strcmp(url.user, cases[i].user) == 0 : !url.user);
    }
}

Test(url, is_refused_when_it_is_none_or_of_another_scheme)
{
    static const char *const cases[] = {
        "",
        "http://",
        "ftp://a.example/x",
        "file:///etc/passwd",
        "gopher://a.example/",
        "http://:80/x",
        "http://a b/",
        "http://a.example:99999/",
        "http://a.example:0/",
        "http://a%7f.example/",
        "http://a%%43.example/",
        "javascript:alert(1)",
        "dict://x",
        "http://a.example/\r\nHost: evil",
        "http://a.example/\x01",
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        const char *problem = NULL;
        struct http_url url;

        cr_expect_not(http_url_parse(&arena, cases[i], &url, &problem), "%s", cases[i]);
        cr_expect_not_null(problem);
    }
}

#include "../../../src/http/plain_url.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 200000

static bool is_plain(const char *text, struct http_url *ret_url, struct arena *arena)
{
    return plain_url_parse(arena, slice_of(text), ret_url);
}

Test(plain_url, is_taken_apart_without_a_change)
{
    static const struct {
        const char *text, *origin, *host, *path;
        int port;
    } cases[] = {
        {"http://a.example/", "http://a.example:80", "a.example", "/", 80},
        {"https://a.example/x/y.tar.gz", "https://a.example:443", "a.example", "/x/y.tar.gz", 443},
        {"http://127.0.0.1:8080/x?part=1&b=a/../b", "http://127.0.0.1:8080", "127.0.0.1", "/x", 8080},
        {"https://localhost:80/", "https://localhost:80", "localhost", "/", 80},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        struct http_url url;

        cr_assert(is_plain(cases[i].text, &url, &arena), "%s", cases[i].text);
        cr_expect_str_eq(url.text, cases[i].text);
        cr_expect_str_eq(url.origin, cases[i].origin);
        cr_expect_str_eq(url.host, cases[i].host);
        cr_expect_str_eq(url.path, cases[i].path);
        cr_expect_eq(url.port, cases[i].port);
        cr_expect_null(url.user);
    }
}

Test(plain_url, leaves_to_libcurl_what_may_have_to_change)
{
    static const char *const cases[] = {
        "",
        "a.example/",
        "HTTP://a.example/",
        "ftp://a.example/",
        "http://A.example/",
        "http://a.example",
        "http://a.example?x",
        "http://a.example/#x",
        "http://me@a.example/",
        "http://a.example/%41",
        "http://a.example/a b",
        "http://a.example/\xc3\xa4",
        "http://a.example/../x",
        "http://a.example/.x",
        "http://a.example:080/",
        "http://a.example:65536/",
        "http://a.example:/",
        "http://[::1]/",
        "http:///x",
        "http://127.1/",
        "http://127.0.0.01/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://a..example/",
        "http://.example/",
        "http://a.example./",
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        struct http_url url;

        cr_expect_not(is_plain(cases[i], &url, &arena), "%s", cases[i]);
    }
}

static void random_text(char *text, size_t length)
{
    static const char alphabet[] = "az09..--//::,+=&?_~x1270e";

    for (size_t i = 0; i < length; i++)
        text[i] = alphabet[rand() % (int)(sizeof alphabet - 1)];
    text[length] = '\0';
}

/* A scheme in capitals is not plain, so that libcurl reads the rest. */
Test(plain_url, is_what_libcurl_makes_of_the_same_bytes)
{
    unsigned plain = 0;

    srand(7);
    for (unsigned round = 0; round < ROUNDS; round++) {
        CLEANUP(arena_release) struct arena arena = {0};
        char rest[24], text[48], capital[48];
        struct http_url url, other;
        const char *problem;

        random_text(rest, (size_t)rand() % (sizeof rest - 1));
        snprintf(text, sizeof text, "%s://%s/", round % 2 ? "http" : "https", rest);
        if (!is_plain(text, &url, &arena))
            continue;
        plain++;
        snprintf(capital, sizeof capital, "%s://%s/", round % 2 ? "HTTP" : "HTTPS", rest);
        cr_assert(http_url_parse(&arena, capital, &other, &problem), "%s: %s", capital, problem);
        cr_assert_str_eq(url.text, other.text);
        cr_assert_str_eq(url.scheme, other.scheme);
        cr_assert_str_eq(url.host, other.host);
        cr_assert_str_eq(url.path, other.path);
        cr_assert_str_eq(url.origin, other.origin);
        cr_assert_eq(url.port, other.port);
    }
    cr_assert_gt(plain, ROUNDS / 50);
}

#include "../../../src/http/redirect.h"

#include <criterion/criterion.h>

Test(redirect, keeps_the_method_where_rfc_9110_does)
{
    static const struct {
        int code;
        const char *method, *expected;
    } cases[] = {
        {301, "GET", "GET"}, {301, "POST", "GET"},  {302, "POST", "GET"},      {303, "POST", "GET"},
        {303, "PUT", "GET"}, {303, "HEAD", "HEAD"}, {307, "POST", "POST"},     {308, "POST", "POST"},
        {301, "PUT", "PUT"}, {302, "HEAD", "HEAD"}, {308, "DELETE", "DELETE"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(redirect_method(cases[i].code, cases[i].method), cases[i].expected, "%d %s", cases[i].code,
                         cases[i].method);
}

Test(redirect, is_only_a_status_that_says_where_to_ask)
{
    for (int code = 100; code < 600; code++) {
        bool expected = code == 301 || code == 302 || code == 303 || code == 307 || code == 308;

        cr_expect_eq(redirect_is(code), expected, "%d", code);
    }
}

Test(redirect, knows_the_headers_that_go_where_the_content_goes)
{
    cr_expect(redirect_is_content_header("Content-Type: text/plain"));
    cr_expect(redirect_is_content_header("content-encoding: gzip"));
    cr_expect_not(redirect_is_content_header("Accept: text/html"));
    cr_expect_not(redirect_is_content_header("X-Content-Type: a"));
}

Test(redirect, takes_no_secret_to_another_origin)
{
    cr_expect_not(redirect_keeps_header("Authorization: Bearer x"));
    cr_expect_not(redirect_keeps_header("authorization: Bearer x"));
    cr_expect_not(redirect_keeps_header("Cookie: a=b"));
    cr_expect_not(redirect_keeps_header("X-Api-Key: k"));
    cr_expect_not(redirect_keeps_header("Host: a.example"));
    cr_expect_not(redirect_keeps_header("Accept-Token: k"));
    cr_expect(redirect_keeps_header("Accept: text/html"));
    cr_expect(redirect_keeps_header("accept-language: de"));
    cr_expect(redirect_keeps_header("User-Agent;"));
}

#include "../../../src/http/head.h"

#include <criterion/criterion.h>

static const char *add_all(struct head *head, const char *const *lines)
{
    const char *problem = NULL;

    for (; *lines && !problem; lines++)
        problem = head_add(head, slice_of(*lines));
    return problem;
}

static const char *problem_of(const char *const *lines)
{
    struct head head = {.count = 0};
    const char *problem;

    head_clear(&head);
    problem = add_all(&head, lines);
    head_release(&head);
    return problem;
}

Test(head, keeps_status_reason_and_headers_in_order)
{
    const char *lines[] = {"HTTP/1.1 404 Not Found\r\n", "Content-Type: text/plain\r\n", "X-A:  b \r\n", "\r\n", NULL};
    CLEANUP(arena_release) struct arena arena = {0};
    struct head head = {.count = 0};
    struct header *headers;

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    headers = head_headers(&head, &arena);
    cr_assert_eq(head.response_code, 404);
    cr_assert_str_eq(head.reason, "Not Found");
    cr_assert_eq(head.count, 2);
    cr_assert_str_eq(headers[0].name, "content-type");
    cr_assert_str_eq(headers[0].value, "text/plain");
    cr_assert_str_eq(headers[1].name, "x-a");
    cr_assert_str_eq(headers[1].value, "b");
    cr_assert(head.ended);
    head_release(&head);
}

Test(head, forgets_the_answers_before_the_last)
{
    const char *lines[] = {
        "HTTP/1.1 100 Continue\r\n", "X-Early: 1\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "X-Late: 1\r\n", "\r\n", NULL};
    CLEANUP(arena_release) struct arena arena = {0};
    struct head head = {.count = 0};

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    cr_assert_eq(head.response_code, 200);
    cr_assert_eq(head.count, 1);
    cr_assert_str_eq(head_headers(&head, &arena)[0].name, "x-late");
    head_release(&head);
}

Test(head, does_not_take_a_header_named_like_a_status_line_for_one)
{
    const char *lines[] = {"HTTP/1.1 200 OK\r\n", "HTTP/1.1: 500 x\r\n", "\r\n", NULL};
    struct head head = {.count = 0};

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    cr_assert_eq(head.response_code, 200);
    head_release(&head);
}

Test(head, joins_a_folded_line_to_the_value_before_it)
{
    const char *lines[] = {"HTTP/1.1 200 OK\r\n", "A: one\r\n", "\ttwo\r\n", "\r\n", NULL};
    CLEANUP(arena_release) struct arena arena = {0};
    struct head head = {.count = 0};

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    cr_assert_str_eq(head_headers(&head, &arena)[0].value, "one two");
    head_release(&head);
}

Test(head, ignores_trailers)
{
    const char *lines[] = {"HTTP/1.1 200 OK\r\n", "A: b\r\n", "\r\n", "Content-Length: 7\r\n", NULL};
    struct head head = {.count = 0};

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    cr_assert_eq(head.count, 1);
    cr_assert_eq(head.content_length, -1);
    head_release(&head);
}

Test(head, refuses_lengths_that_differ_but_not_equal_ones)
{
    const char *differ[] = {"HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "content-length: 6\r\n", NULL};
    const char *equal[] = {"HTTP/1.1 200 OK\r\n", "Content-Length: 5\r\n", "Content-Length: 5\r\n", NULL};
    const char *sign[] = {"HTTP/1.1 200 OK\r\n", "Content-Length: +5\r\n", NULL};
    const char *huge[] = {"HTTP/1.1 200 OK\r\n", "Content-Length: 99999999999999999999\r\n", NULL};

    cr_assert_not_null(problem_of(differ));
    cr_assert_null(problem_of(equal));
    cr_assert_not_null(problem_of(sign));
    cr_assert_not_null(problem_of(huge));
}

Test(head, refuses_headers_without_end)
{
    struct head head = {.count = 0};
    const char *problem = NULL;
    int lines = 0;

    head_clear(&head);
    head_add(&head, SLICE("HTTP/1.1 200 OK\r\n"));
    while (!problem && lines++ < 100000)
        problem = head_add(&head, SLICE("X-Flood: 0123456789012345678901234567890123456789\r\n"));
    cr_assert_not_null(problem);
    cr_assert_lt(head.lines.length, HEAD_MAXIMUM + 1000);
    head_release(&head);
}

Test(head, may_have_no_reason)
{
    const char *lines[] = {"HTTP/2 200\r\n", "\r\n", NULL};
    struct head head = {.count = 0};

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    cr_assert_eq(head.response_code, 200);
    cr_assert_str_empty(head.reason);
    head_release(&head);
}

static bool ends_with_connection(const char *const *lines)
{
    struct head head = {.count = 0};
    bool ends;

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    ends = head_ends_with_connection(&head);
    head_release(&head);
    return ends;
}

Test(head, tells_a_body_that_ends_with_its_connection)
{
    cr_assert(ends_with_connection((const char *[]){"HTTP/1.1 200 OK\r\n", "\r\n", NULL}));
    cr_assert(ends_with_connection((const char *[]){"HTTP/1.0 404 No\r\n", "X: 1\r\n", "\r\n", NULL}));
    cr_assert_not(ends_with_connection((const char *[]){"HTTP/1.1 200 OK\r\n", "Content-Length: 0\r\n", "\r\n", NULL}));
    cr_assert_not(
        ends_with_connection((const char *[]){"HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n", "\r\n", NULL}));
    cr_assert_not(ends_with_connection((const char *[]){"HTTP/1.1 204 None\r\n", "\r\n", NULL}));
    cr_assert_not(ends_with_connection((const char *[]){"HTTP/1.1 304 Same\r\n", "\r\n", NULL}));
    cr_assert_not(ends_with_connection((const char *[]){"HTTP/2 200\r\n", "\r\n", NULL}));
}

static const char *flood(const char *begin, const char *line)
{
    const char *lines[] = {begin, "\r\n", NULL}, *problem = NULL;
    struct head head = {.count = 0};

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    for (size_t bytes = 0; bytes <= HEAD_MAXIMUM && !problem; bytes += strlen(line))
        problem = head_add(&head, slice_of(line));
    head_release(&head);
    return problem;
}

Test(head, is_refused_with_endless_trailers_and_endless_early_answers)
{
    cr_assert_not_null(flood("HTTP/1.1 200 OK\r\n", "Trailer: 1\r\n"));
    cr_assert_not_null(flood("HTTP/1.1 103 Early\r\n", "HTTP/1.1 103 Early\r\n"));
}

Test(head, is_refused_with_a_nul_that_would_begin_another_header)
{
    struct head head = {.count = 0};

    head_clear(&head);
    cr_assert_null(head_add(&head, SLICE("HTTP/1.1 200 OK\r\n")));
    cr_assert_not_null(head_add(&head, SLICE("X: 1\0location\0http://example.org/\r\n")));
    head_release(&head);
}

Test(head, does_not_end_with_a_line_of_spaces)
{
    const char *lines[] = {"HTTP/1.1 200 OK\r\n", "X-A:\r\n", " \t\r\n", "\tb\r\n", "Content-Length: 1\r\n", NULL};
    struct head head = {.count = 0};

    head_clear(&head);
    cr_assert_null(add_all(&head, lines));
    cr_assert_not(head.ended);
    cr_assert_str_eq(head_value(&head, "x-a"), "b");
    cr_assert_eq(head.content_length, 1);
    head_release(&head);
}

#include "../../../src/check/pattern.h"

#include <haul/check/check.h>

#include <criterion/criterion.h>
#include <string.h>

static enum pattern_verdict judge(const char *written, struct slice subject)
{
    CLEANUP(text_release) struct text problem = {0};
    struct pattern *pattern = pattern_open(slice_of(written), &problem);
    enum pattern_verdict verdict;

    cr_assert_not_null(pattern, "%s", problem.bytes);
    verdict = pattern_judge(pattern, subject);
    pattern_close(pattern);
    return verdict;
}

Test(pattern, is_searched_for)
{
    cr_assert_eq(judge("b+", SLICE("abbc")), PATTERN_MATCHES);
    cr_assert_eq(judge("^b+$", SLICE("abbc")), PATTERN_DIFFERS);
    cr_assert_eq(judge("(?i)^\xc3\x9c.$", SLICE("\xc3\xbc\xe2\x82\xac")), PATTERN_MATCHES);
    cr_assert_eq(judge("", SLICE("")), PATTERN_MATCHES);
    cr_assert_eq(judge("x", (struct slice){.bytes = NULL}), PATTERN_DIFFERS);
}

Test(pattern, passes_over_bytes_that_are_no_text)
{
    cr_assert_eq(judge("end$", SLICE("\xff\0\xc3 end")), PATTERN_MATCHES);
    cr_assert_eq(judge("\xc3\xbc", SLICE("\xff\xfe")), PATTERN_DIFFERS);
}

static char many[1024 * 1024];

Test(pattern, gives_up_where_it_would_cost_too_much)
{
    memset(many, 'a', sizeof many);
    cr_assert_eq(judge("^(a+)+$", (struct slice){"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", 41}), PATTERN_GAVE_UP);
    cr_assert_eq(judge("a*?[bc]", (struct slice){many, sizeof many}), PATTERN_GAVE_UP);
    cr_assert_eq(judge("(a|b)*[cd]", (struct slice){many, sizeof many}), PATTERN_GAVE_UP);
    cr_assert_eq(judge("c", (struct slice){many, sizeof many}), PATTERN_DIFFERS);
}

static void refuse(const char *written, size_t length, const char *part)
{
    CLEANUP(text_release) struct text problem = {0};

    cr_assert_null(pattern_open((struct slice){written, length}, &problem));
    cr_assert_not_null(strstr(problem.bytes, part), "%s", problem.bytes);
}

Test(pattern, is_refused_when_it_is_none)
{
    char nested[200];

    refuse("a(b", 3, "is no regular expression: missing closing parenthesis, at byte 3");
    refuse("\\C", 2, "no regular expression");
    refuse("\xff", 1, "no regular expression");
    refuse(many, CHECK_PATTERN_MAXIMUM + 1, "more than 1000 bytes");
    memset(nested, '(', 100);
    memset(nested + 100, ')', 100);
    refuse(nested, sizeof nested, "no regular expression");
}

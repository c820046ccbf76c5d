#include "form_argument.h"

#include <criterion/criterion.h>

static const char *or_none(const char *text)
{
    return text ? text : "none";
}

Test(form_argument, takes_words_as_curl_does)
{
    static const struct {
        const char *argument;
        char end;
        const char *text, *type, *file_name, *rest;
    } cases[] = {
        {"", '\0', "", "none", "none", ""},
        {" a b\t", '\0', "a b", "none", "none", ""},
        {"a,b", '\0', "a,b", "none", "none", ""},
        {"a,b", ',', "a", "none", "none", "b"},
        {"a,", ',', "a", "none", "none", ""},
        {"\"a,b;c\" , d", ',', "a,b;c", "none", "none", " d"},
        {"\"a\\\"b\\\\c\\d\"", '\0', "a\"b\\c\\d", "none", "none", ""},
        {"\"a", '\0', "\"a", "none", "none", ""},
        {"a\"b\"", '\0', "a\"b\"", "none", "none", ""},
        {"a;type=b/c", '\0', "a", "b/c", "none", ""},
        {"a; TYPE= b/c ; filename = d", '\0', "a", "b/c ; filename = d", "none", ""},
        {"a;type=b/c;d=e;filename=f", '\0', "a", "b/c;d=e", "f", ""},
        {"a;filename=\"b;c\";type=d/e,f", ',', "a", "d/e", "b;c", "f"},
        {"a;", '\0', "a", "none", "none", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        const char *rest = cases[i].argument;
        struct form_word word;
        bool more;

        cr_assert_null(form_word_take(&arena, &rest, cases[i].end, &word, &more), "%s", cases[i].argument);
        cr_expect_str_eq(word.text, cases[i].text, "%s", cases[i].argument);
        cr_expect_str_eq(or_none(word.type), cases[i].type, "%s", cases[i].argument);
        cr_expect_str_eq(or_none(word.file_name), cases[i].file_name, "%s", cases[i].argument);
        cr_expect_str_eq(rest, cases[i].rest, "%s", cases[i].argument);
        cr_expect_eq(more, cases[i].argument[0] && rest > cases[i].argument && rest[-1] == cases[i].end);
    }
}

Test(form_argument, loses_nothing_in_silence)
{
    static const char *const wrong[] = {"a;b",    "a;type=b",       "a;type=/b",        "a;type=b/",
                                        "\"a\"b", "a;encoder=8bit", "a;filename=\"b\"c"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        const char *rest = wrong[i];
        struct form_word word;
        bool more;

        cr_expect_not_null(form_word_take(&arena, &rest, '\0', &word, &more), "%s", wrong[i]);
    }
}

Test(form_argument, has_a_bounded_number_of_headers)
{
    CLEANUP(arena_release) struct arena arena = {0};
    const char *rest = "a;headers=1: 1;headers=@f;headers= < g";
    struct form_word word;
    bool more;

    cr_assert_null(form_word_take(&arena, &rest, '\0', &word, &more));
    cr_assert_eq(word.header_count, 3);
    cr_expect_str_eq(word.headers[0], "1: 1");
    cr_expect_str_eq(word.headers[1], "@f");
    rest = "a;headers=1;headers=1;headers=1;headers=1;headers=1;headers=1;headers=1;headers=1;headers=1;headers=1;"
           "headers=1;headers=1;headers=1;headers=1;headers=1;headers=1;headers=1";
    cr_expect_not_null(form_word_take(&arena, &rest, '\0', &word, &more));
}

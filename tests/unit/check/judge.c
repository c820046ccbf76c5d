#include <haul/base/clock.h>
#include <haul/check/check.h>

#include <criterion/criterion.h>
#include <string.h>

static struct header headers[] = {
    {"content-type", "application/json"}, {"x", "one"}, {"x", "two"}, {"set-cookie", "session=secret"}, {"empty", ""},
};

static struct exchange exchange = {
    .url_effective = "https://h/there?x=1",
    .http_version = "1.1",
    .response_code = 404,
    .headers = headers,
    .header_count = sizeof headers / sizeof *headers,
    .time.total = NANOSECONDS_PER_SECOND / 4,
    .size_download = 1234,
    .tls = {.version = "TLSv1.3", .not_after = "2026-12-01T12:00:00Z"},
};

#define BODY                                                                                                           \
    "{\"up\":true,\"n\":3.5,\"s\":\"a\\u00fcb\",\"l\":[\"x\",{\"~/"                                                    \
    "\":0}],\"none\":null,\"\":{\"o\":{\"a\":1,\"b\":2}}}"

static struct check_evidence evidence = {
    .exchange = &exchange,
    .body = {BODY, sizeof BODY - 1},
    .body_maximum = 100,
    .now = INT64_C(1795089600) * NANOSECONDS_PER_SECOND, /* 2026-11-19T12:00:00Z */
};

static struct check_outcome judge(const char *check, struct arena *arena)
{
    CLEANUP(text_release) struct text notation = {0}, problem = {0};
    CLEANUP(check_list_close) struct check_list *list = NULL;
    struct check_outcome *outcomes;
    unsigned count;

    text_append_format(&notation, "[%s]", check);
    list = check_list_open(text_slice(&notation), &problem);
    cr_assert_not_null(list, "%s", problem.bytes);
    outcomes = check_list_outcomes(list, arena, &count);
    check_list_judge(list, &evidence, arena, outcomes);
    return outcomes[0];
}

static const struct {
    const char *check;
    bool held;
    const char *found;
} cases[] = {
    {"{\"check\":\"status\",\"in\":\"200..299,404\"}", true, "404"},
    {"{\"check\":\"status\",\"in\":\"2xx\"}", false, "404"},
    {"{\"check\":\"status\",\"equals\":404}", true, "404"},
    {"{\"check\":\"status\",\"equals\":404,\"not\":true}", false, "404"},
    {"{\"check\":\"header Content-Type\",\"equals\":\"application/json\"}", true, "application/json"},
    {"{\"check\":\"header content-type\",\"equals\":\"json\"}", false, "application/json"},
    {"{\"check\":\"header content-type\",\"contains\":\"json\"}", true, "application/json"},
    {"{\"check\":\"header x\",\"matches\":\"^tw\"}", true, "one"},
    {"{\"check\":\"header x\",\"matches\":\"^tw\",\"not\":true}", false, "one"},
    {"{\"check\":\"header x\",\"equals\":\"three\"}", false, "one"},
    {"{\"check\":\"header y\",\"contains\":\"\"}", false, NULL},
    {"{\"check\":\"header y\",\"contains\":\"a\",\"not\":true}", true, NULL},
    {"{\"check\":\"header y\",\"exists\":false}", true, NULL},
    {"{\"check\":\"header empty\",\"exists\":true}", true, ""},
    {"{\"check\":\"header empty\",\"equals\":\"\"}", true, ""},
    {"{\"check\":\"header set-cookie\",\"contains\":\"secret\"}", true, "***"},
    {"{\"check\":\"header set-cookie\",\"exists\":false}", false, "***"},
    {"{\"check\":\"body\",\"contains\":\"up\"}", true, NULL},
    {"{\"check\":\"body\",\"matches\":\"down\"}", false, NULL},
    {"{\"check\":\"body\",\"equals\":\"up\"}", false, NULL},
    {"{\"check\":\"json /up\",\"equals\":true}", true, "true"},
    {"{\"check\":\"json /up\",\"equals\":\"true\"}", false, "true"},
    {"{\"check\":\"json /UP\",\"exists\":true}", false, NULL},
    {"{\"check\":\"json /n\",\"min\":3.5,\"max\":4}", true, "3.5"},
    {"{\"check\":\"json /n\",\"max\":3}", false, "3.5"},
    {"{\"check\":\"json /s\",\"max\":3}", false,
     "\"a\xc3\xbc"
     "b\""},
    {"{\"check\":\"json /s\",\"matches\":\"^a.b$\"}", true,
     "\"a\xc3\xbc"
     "b\""},
    {"{\"check\":\"json /l\",\"contains\":\"x\"}", true, "[\"x\",{\"~/\":0}]"},
    {"{\"check\":\"json /l/0\",\"equals\":\"x\"}", true, "\"x\""},
    {"{\"check\":\"json /l/1/~0~1\",\"equals\":0}", true, "0"},
    {"{\"check\":\"json /l/2\",\"exists\":false}", true, NULL},
    {"{\"check\":\"json /none\",\"exists\":true}", true, "null"},
    {"{\"check\":\"json /none\",\"equals\":null}", true, "null"},
    {"{\"check\":\"json //o\",\"equals\":{\"b\":2,\"a\":1}}", true, "{\"a\":1,\"b\":2}"},
    {"{\"check\":\"json //o\",\"equals\":{\"b\":2}}", false, "{\"a\":1,\"b\":2}"},
    {"{\"check\":\"json\",\"exists\":true}", true, NULL},
    {"{\"check\":\"size\",\"min\":1234}", true, "1234"},
    {"{\"check\":\"size\",\"max\":1233}", false, "1234"},
    {"{\"check\":\"time\",\"max\":0.2}", false, "0.25"},
    {"{\"check\":\"time\",\"max\":0.3}", true, "0.25"},
    {"{\"check\":\"tls-days\",\"min\":12}", true, "12"},
    {"{\"check\":\"tls-days\",\"min\":13}", false, "12"},
    {"{\"check\":\"url\",\"equals\":\"https://h/there?x=1\"}", true, "https://h/there?x=1"},
    {"{\"check\":\"url\",\"matches\":\"^http://\"}", false, "https://h/there?x=1"},
    {"{\"check\":\"version\",\"equals\":\"2\"}", false, "1.1"},
};

Test(judge, finds_what_is_there)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CLEANUP(arena_release) struct arena arena = {0};
        struct check_outcome outcome = judge(cases[i].check, &arena);

        cr_assert_eq(outcome.verdict, cases[i].held ? CHECK_HELD : CHECK_FAILED, "%s: %s", cases[i].check,
                     outcome.found);
        if (cases[i].found)
            cr_assert_str_eq(outcome.found, cases[i].found, "%s", cases[i].check);
    }
}

static void assert_trouble(const char *check, const char *found)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct check_outcome outcome = judge(check, &arena);

    cr_assert_eq(outcome.verdict, CHECK_FAILED, "%s", check);
    cr_assert_str_eq(outcome.found, found);
}

Test(judge, fails_what_it_cannot_see_even_when_negated)
{
    evidence.body = SLICE("<html>");
    assert_trouble("{\"check\":\"json /a\",\"exists\":false}", "a body that is not JSON");
    assert_trouble("{\"check\":\"json /a\",\"equals\":1,\"not\":true}", "a body that is not JSON");
    evidence.body = (struct slice){.bytes = NULL};
    assert_trouble("{\"check\":\"json\",\"exists\":false}", "a body that is not JSON");
    evidence.body_is_too_large = true;
    assert_trouble("{\"check\":\"body\",\"contains\":\"a\",\"not\":true}", "a body of more than 100 bytes");
    exchange.tls.not_after = NULL;
    assert_trouble("{\"check\":\"tls-days\",\"min\":-1000}", "no certificate");
}

Test(judge, tells_the_beginning_of_what_is_long)
{
    CLEANUP(arena_release) struct arena arena = {0};
    char body[3001] = "";
    struct check_outcome outcome;

    for (size_t i = 0; i < 1000; i++)
        memcpy(body + 3 * i, "\xe2\x82\xac", 3);
    evidence.body = slice_of(body);
    outcome = judge("{\"check\":\"body\",\"equals\":\"a\"}", &arena);
    cr_assert_leq(strlen(outcome.found), CHECK_FOUND_MAXIMUM);
    cr_assert_str_eq(outcome.found + strlen(outcome.found) - 6, "\xe2\x82\xac...");
}

Test(judge, bears_a_body_that_goes_deep)
{
    CLEANUP(arena_release) struct arena arena = {0};
    static char body[100000];

    memset(body, '[', sizeof body);
    evidence.body = (struct slice){body, sizeof body};
    cr_assert_eq(judge("{\"check\":\"json\",\"exists\":true}", &arena).verdict, CHECK_FAILED);
}

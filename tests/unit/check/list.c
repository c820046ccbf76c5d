#include <haul/check/check.h>

#include <criterion/criterion.h>
#include <string.h>

static struct check_list *list_of(const char *notation)
{
    CLEANUP(text_release) struct text problem = {0};
    struct check_list *list = check_list_open(slice_of(notation), &problem);

    cr_assert_not_null(list, "%s", problem.bytes);
    return list;
}

static void assert_problem(const char *notation, const char *part)
{
    CLEANUP(text_release) struct text problem = {0};

    cr_assert_null(check_list_open(slice_of(notation), &problem), "%s", notation);
    cr_assert_not_null(strstr(problem.bytes, part), "%s: %s", notation, problem.bytes);
}

Test(list, says_what_each_relation_expects)
{
    CLEANUP(check_list_close)
    struct check_list *list = list_of("[{\"check\":\"size\",\"min\":1,\"max\":20},"
                                      "{\"check\":\"header Content-Type\",\"contains\":\"json\",\"not\":true},"
                                      "{\"check\":\"json /a b\",\"equals\":{\"x\":[1]},\"name\":\"mine\"}]");
    CLEANUP(arena_release) struct arena arena = {0};
    unsigned count = 0;
    struct check_outcome *outcomes = check_list_outcomes(list, &arena, &count);

    cr_assert_eq(count, 4);
    cr_assert_str_eq(outcomes[0].name, "size min 1");
    cr_assert_str_eq(outcomes[1].name, "size max 20");
    cr_assert_str_eq(outcomes[2].name, "header content-type not contains \"json\"");
    cr_assert_str_eq(outcomes[2].expected, "not contains \"json\"");
    cr_assert_str_eq(outcomes[3].name, "mine");
    cr_assert_str_eq(outcomes[3].expected, "equals {\"x\":[1]}");
    cr_assert_null(outcomes[0].found);
    cr_assert_eq(outcomes[0].verdict, CHECK_UNKNOWN);
}

Test(list, knows_what_it_needs)
{
    CLEANUP(check_list_close) struct check_list *head = list_of("[{\"check\":\"status\",\"in\":\"2xx\"}]");
    CLEANUP(check_list_close) struct check_list *body = list_of("[{\"check\":\"json\",\"exists\":true}]");
    CLEANUP(check_list_close) struct check_list *digest = list_of("[{\"check\":\"digest\",\"equals\":\"md5=00ff\"}]");
    CLEANUP(check_list_close) struct check_list *none = list_of("[]");
    const char *algorithm, *hex;

    cr_assert(check_list_wants_status(head) && !check_list_wants_body(head));
    cr_assert(check_list_wants_body(body) && !check_list_wants_status(body));
    cr_assert_not(check_list_digest(body, &algorithm, &hex));
    cr_assert(check_list_digest(digest, &algorithm, &hex));
    cr_assert_str_eq(algorithm, "md5");
    cr_assert_str_eq(hex, "00ff");
    cr_assert_not(check_list_wants_body(none));
}

Test(list, refuses_what_is_no_check)
{
    assert_problem("{}", "'checks' is not an array");
    assert_problem("[1]", "not an object");
    assert_problem("[{}]", "'check' of a check is missing");
    assert_problem("[{\"check\":\"weather\",\"equals\":\"fine\"}]", "'weather' of a check is nothing");
    assert_problem("[{\"check\":\"status\"}]", "has no relation");
    assert_problem("[{\"check\":\"status\",\"in\":200}]", "'in' of a check is not statuses");
    assert_problem("[{\"check\":\"status\",\"equals\":\"200\"}]", "another kind");
    assert_problem("[{\"check\":\"status 200\",\"in\":\"200\"}]", "behind its subject");
    assert_problem("[{\"check\":\"status\",\"contains\":\"2\"}]", "no relation for its subject");
    assert_problem("[{\"status\":200}]", "; known are status, header, body, json, size, digest, time, tls-days, url, version");
    assert_problem("[{\"check\":\"status\",\"is\":200}]", "'is' of a check is unknown");
    assert_problem("[{\"check\":\"header\",\"exists\":true}]", "names no header");
    assert_problem("[{\"check\":\"header a b\",\"exists\":true}]", "names no header");
    assert_problem("[{\"check\":\"header a\",\"exists\":1}]", "neither true nor false");
    assert_problem("[{\"check\":\"json a\",\"exists\":true}]", "JSON Pointer");
    assert_problem("[{\"check\":\"json /~2\",\"exists\":true}]", "JSON Pointer");
    assert_problem("[{\"check\":\"body\",\"matches\":\"(\"}]", "'matches' of a check is no regular expression");
    assert_problem("[{\"check\":\"body\",\"contains\":[]}]", "not a string");
    assert_problem("[{\"check\":\"body\",\"contains\":\"x\",\"not\":1}]", "'not'");
    assert_problem("[{\"check\":\"body\",\"contains\":\"x\",\"name\":\"\"}]", "'name'");
    assert_problem("[{\"check\":\"time\",\"max\":\"1s\"}]", "not a number");
    assert_problem("[{\"check\":\"digest\",\"equals\":\"00\"}]", "ALGO=HEX");
    assert_problem("[{\"check\":\"digest\",\"equals\":\"a=00\"},{\"check\":\"digest\",\"equals\":\"a=00\"}]", "twice");
    assert_problem("[{\"check\":\"body\",\"contains\":\"\xff\"}]", "not UTF-8");
}

Test(list, is_bounded)
{
    CLEANUP(text_release) struct text text = {0};

    text_append_string(&text, "[{\"check\":\"size\",\"min\":1}");
    for (int i = 0; i < CHECK_COUNT_MAXIMUM; i++)
        text_append_string(&text, ",{\"check\":\"size\",\"min\":1}");
    text_append_string(&text, "]");
    assert_problem(text.bytes, "one too many");
    while (text.length <= CHECK_TEXT_MAXIMUM)
        text_append_string(&text, "                                                     ");
    assert_problem(text.bytes, "more than 32 KiB");
}

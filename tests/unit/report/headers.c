#include "../../../src/report/headers.h"

#include <haul/co/timer.h>

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void assert_headers(const struct header *headers, unsigned count, const char *expected)
{
    CLEANUP(text_release) struct text text = {0};
    struct json json = {.text = &text};

    headers_write(&json, headers, count);
    cr_assert_str_eq(text.bytes, expected);
}

Test(headers, gathers_values_by_name_in_order_of_first_appearance)
{
    static const struct header headers[] = {{"vary", "a"}, {"accept", "1"}, {"vary", "b"}, {"x", ""}, {"accept", "2"}};

    assert_headers(headers, 5, "{\"vary\":[\"a\",\"b\"],\"accept\":[\"1\",\"2\"],\"x\":[\"\"]}");
}

Test(headers, gathers_many_as_it_gathers_few)
{
    enum { COUNT = 64, NAMES = 3 };
    static const char *const names[NAMES] = {"vary", "accept", "x"};
    struct header headers[COUNT];

    for (unsigned count = NAMES; count <= COUNT; count++) {
        CLEANUP(text_release) struct text expected = {0};
        struct json json = {.text = &expected};

        for (unsigned i = 0; i < count; i++)
            headers[i] = (struct header){names[i % NAMES], "1"};
        json_begin_object(&json);
        for (unsigned name = 0; name < NAMES; name++) {
            json_key_of(&json, slice_of(names[name]));
            json_begin_array(&json);
            for (unsigned i = name; i < count; i += NAMES)
                json_string(&json, SLICE("1"));
            json_end_array(&json);
        }
        json_end_object(&json);
        assert_headers(headers, count, expected.bytes);
    }
}

Test(headers, makes_an_empty_object_of_none)
{
    assert_headers(NULL, 0, "{}");
}

Test(headers, tells_no_secret)
{
    static const struct header headers[] = {{"set-cookie", "session=secret"},
                                            {"set-cookie", "other=secret"},
                                            {"authorization", "secret"},
                                            {"cookie", "secret"},
                                            {"proxy-authorization", "secret"},
                                            {"location", "https://user:secret@host/a"},
                                            {"content-location", "//user:secret@host"}};

    assert_headers(headers, 7,
                   "{\"set-cookie\":[\"***\",\"***\"],\"authorization\":[\"***\"],\"cookie\":[\"***\"],"
                   "\"proxy-authorization\":[\"***\"],\"location\":[\"https://***@host/a\"],"
                   "\"content-location\":[\"//***@host\"]}");
}

Test(headers, stays_quick_with_as_many_as_a_hostile_server_sends)
{
    enum { COUNT = 60000 };
    static struct header headers[COUNT];
    static char names[COUNT][8];
    CLEANUP(text_release) struct text text = {0};
    struct json json = {.text = &text};
    int64_t began = co_now();

    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "%x", i * 7919U % COUNT);
        headers[i] = (struct header){names[i], ""};
    }
    headers_write(&json, headers, COUNT);
    cr_assert_lt(co_now() - began, CO_SECONDS(2));
    cr_assert_eq(strncmp(text.bytes, "{\"0\":[\"\"],\"1eef\":[\"\"],\"3dde\"", 28), 0);
}

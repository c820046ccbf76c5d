#include "../../../src/report/value.h"

#include <criterion/criterion.h>

Test(value, is_null_for_what_is_not_known)
{
    CLEANUP(text_release) struct text text = {0};
    struct json json = {.text = &text};

    json_begin_array(&json);
    value_moment(&json, 0);
    value_url(&json, NULL);
    value_message(&json, &(struct failure){.class = FAILURE_NONE});
    json_end_array(&json);
    cr_assert_str_eq(text.bytes, "[null,null,null]");
}

Test(value, tells_what_is_known_without_secrets)
{
    CLEANUP(text_release) struct text text = {0};
    struct json json = {.text = &text};
    struct failure failure;

    failure_set(&failure, FAILURE_CONNECT, 7, true, "no answer from 'http://a:b@c/'");
    json_begin_array(&json);
    value_moment(&json, 1500000);
    value_url(&json, "http://a:b@c/");
    value_message(&json, &failure);
    json_end_array(&json);
    cr_assert_str_eq(text.bytes, "[\"1970-01-01T00:00:00.001500Z\",\"http://***@c/\","
                                 "\"no answer from 'http://***@c/'\"]");
}

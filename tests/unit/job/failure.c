#include <haul/job/failure.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

Test(failure, has_a_name_for_every_class)
{
    cr_assert_str_eq(failure_class_name(FAILURE_NONE), "none");
    cr_assert_str_eq(failure_class_name(FAILURE_HTTP), "http");
    cr_assert_str_eq(failure_class_name(FAILURE_INTERNAL), "internal");
    for (int class = 0; class < FAILURE_CLASS_COUNT; class ++)
        cr_assert_not_null(failure_class_name((enum failure_class) class));
}

Test(failure, is_told_in_one_line)
{
    struct failure failure = {0};

    cr_assert_not(failure_set(&failure, FAILURE_CONNECT, 7, true, "cannot connect to '%s'", "a.example"));
    cr_assert_eq(failure.class, FAILURE_CONNECT);
    cr_assert_eq(failure.code, 7);
    cr_assert(failure.transient);
    cr_assert_str_eq(failure.message, "cannot connect to 'a.example'");
}

Test(failure, exits_as_curl_would)
{
    static const struct {
        enum failure_class class;
        int code, exit_code;
    } cases[] = {
        {FAILURE_CONNECT, 7, 7}, {FAILURE_HTTP, 404, 22}, {FAILURE_DISK, ENOSPC, 23},
        {FAILURE_INPUT, 0, 3},   {FAILURE_SIZE, 0, 63},   {FAILURE_CHECKSUM, 0, 0},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct failure failure;

        failure_set(&failure, cases[i].class, cases[i].code, false, "no");
        cr_assert_eq(failure.exit_code, cases[i].exit_code, "class %s", failure_class_name(cases[i].class));
    }
}

Test(failure, cuts_a_sentence_that_is_too_long)
{
    struct failure failure;
    char sentence[2 * FAILURE_MESSAGE_MAXIMUM] = {0};

    memset(sentence, 'x', sizeof(sentence) - 1);
    failure_set(&failure, FAILURE_PROTOCOL, 0, false, "%s", sentence);
    cr_assert_eq(strlen(failure.message), FAILURE_MESSAGE_MAXIMUM - 1);
}

Test(failure, can_be_told_again_with_more_words)
{
    struct failure failure;

    failure_set(&failure, FAILURE_TIMEOUT, 28, true, "no answer");
    failure_set(&failure, failure.class, failure.code, false, "%s after 4 attempts", failure.message);
    cr_assert_str_eq(failure.message, "no answer after 4 attempts");
}

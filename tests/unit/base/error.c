#include <haul/base/error.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

Test(error, carries_kind_code_and_sentence)
{
    struct error error = {0};

    cr_assert_eq(fail(&error, ERROR_DISK, ENOENT, "cannot open '%s': %s", "a/b", "no"), -ENOENT);
    cr_assert_eq(error.kind, ERROR_DISK);
    cr_assert_eq(error.code, ENOENT);
    cr_assert_str_eq(error.message, "cannot open 'a/b': no");
}

Test(error, is_an_invalid_argument_when_no_code_fits)
{
    struct error error = {0};

    cr_assert_eq(fail(&error, ERROR_USAGE, 0, "no"), -EINVAL);
    cr_assert_eq(error.code, 0);
}

Test(error, may_be_of_no_interest)
{
    cr_assert_eq(fail(NULL, ERROR_SYSTEM, EMFILE, "no"), -EMFILE);
}

Test(error, cuts_a_sentence_that_is_too_long)
{
    struct error error;
    char sentence[2 * ERROR_MESSAGE_MAXIMUM] = {0};

    memset(sentence, 'x', sizeof(sentence) - 1);
    fail(&error, ERROR_INPUT, 0, "%s", sentence);
    cr_assert_eq(strlen(error.message), ERROR_MESSAGE_MAXIMUM - 1);
}

Test(error, can_be_told_what_the_caller_was_doing)
{
    struct error error;

    fail(&error, ERROR_DISK, ENOSPC, "cannot write 'x': full");
    cr_assert_eq(fail(&error, error.kind, error.code, "line 3: %s", error.message), -ENOSPC);
    cr_assert_str_eq(error.message, "line 3: cannot write 'x': full");
}

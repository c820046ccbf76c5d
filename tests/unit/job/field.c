#include <haul/job/field.h>

#include <criterion/criterion.h>

Test(field, knows_tokens)
{
    cr_assert(field_is_token(SLICE("X-A_b!#$%&'*+-.^_`|~09")));
    cr_assert_not(field_is_token(SLICE("")));
    cr_assert_not(field_is_token(SLICE("a b")));
    cr_assert_not(field_is_token(SLICE("a:")));
    cr_assert_not(field_is_token(SLICE("a\0b")));
    cr_assert_not(field_is_token(SLICE("\xc3\xbc")));
}

Test(field, lets_no_value_end_its_line)
{
    cr_assert(field_is_value(SLICE("")));
    cr_assert(field_is_value(SLICE("a \t\xc3\xbc")));
    cr_assert_not(field_is_value(SLICE("a\rb")));
    cr_assert_not(field_is_value(SLICE("a\nb")));
    cr_assert_not(field_is_value(SLICE("a\0b")));
    cr_assert_not(field_is_value(SLICE("\x7f")));
}

Test(field, keeps_what_is_not_for_lists)
{
    cr_assert(field_is_reserved(SLICE("Content-length")));
    cr_assert(field_is_reserved(SLICE("TE")));
    cr_assert_not(field_is_reserved(SLICE("T")));
    cr_assert_not(field_is_reserved(SLICE("Host")));
    cr_assert(field_is_secret(SLICE("COOKIE")));
    cr_assert_not(field_is_secret(SLICE("Cookies")));
}

#include <haul/base/text.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(text, grows_by_whatever_is_appended)
{
    CLEANUP(text_release) struct text text = {0};

    text_append(&text, SLICE("a"));
    text_append_string(&text, "bc");
    text_append_byte(&text, '-');
    text_append_format(&text, "%d%s", 42, "!");
    cr_assert_str_eq(text.bytes, "abc-42!");
    cr_assert_eq(text.length, 7);
    cr_assert(slice_equal(text_slice(&text), SLICE("abc-42!")));
}

Test(text, is_terminated_whenever_something_was_appended)
{
    CLEANUP(text_release) struct text text = {0};

    cr_assert_null(text.bytes);
    text_append(&text, (struct slice){0});
    cr_assert_str_eq(text.bytes, "");
    for (size_t length = 1; length < 5000; length++) {
        text_append_byte(&text, 'x');
        cr_assert_eq(text.bytes[length], '\0');
    }
    cr_assert_eq(strlen(text.bytes), 4999);
}

Test(text, takes_a_format_longer_than_its_room)
{
    CLEANUP(text_release) struct text text = {0};

    text_append_format(&text, "%0500d", 7);
    cr_assert_eq(strlen(text.bytes), 500);
    cr_assert_eq(text.bytes[499], '7');
}

Test(text, takes_numbers_of_any_size)
{
    CLEANUP(text_release) struct text text = {0};

    text_append_unsigned(&text, 0);
    text_append_unsigned(&text, 9);
    text_append_unsigned(&text, 10);
    text_append_unsigned(&text, UINT64_MAX);
    cr_assert_str_eq(text.bytes, "091018446744073709551615");
}

Test(text, does_not_move_while_what_was_reserved_lasts)
{
    CLEANUP(text_release) struct text text = {0};
    const char *before;

    text_reserve(&text, 10000);
    before = text.bytes;
    for (int i = 0; i < 10000; i++)
        text_append_byte(&text, 'x');
    cr_assert_eq(text.bytes, before);
}

Test(text, keeps_its_memory_when_cleared)
{
    CLEANUP(text_release) struct text text = {0};
    size_t capacity;

    text_clear(&text);
    text_append_string(&text, "something");
    capacity = text.capacity;
    text_clear(&text);
    cr_assert_str_eq(text.bytes, "");
    cr_assert_eq(text.length, 0);
    cr_assert_eq(text.capacity, capacity);
}

Test(text, is_empty_again_when_taken)
{
    struct text text = {0};
    char *nothing = text_take(&text), *something;

    text_append_string(&text, "something");
    something = text_take(&text);
    cr_assert_str_eq(nothing, "");
    cr_assert_str_eq(something, "something");
    cr_assert_null(text.bytes);
    cr_assert_eq(text.length, 0);
    free(nothing);
    free(something);
}

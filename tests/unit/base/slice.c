#include <haul/base/slice.h>

#include <criterion/criterion.h>
#include <limits.h>

static const struct slice empty;

static void assert_slice(struct slice slice, const char *expected)
{
    cr_assert(slice_equal(slice, slice_of(expected)), "'" SLICE_FORMAT "' is not '%s'", SLICE_ARGUMENT(slice),
              expected);
}

Test(slice, of_nothing_is_empty)
{
    cr_assert_eq(slice_of(NULL).length, 0);
    cr_assert_eq(SLICE("").length, 0);
    cr_assert_eq(SLICE("a\0b").length, 3);
}

Test(slice, equals_another_with_the_same_bytes)
{
    cr_assert(slice_equal(SLICE("abc"), SLICE("abc")));
    cr_assert(slice_equal(empty, SLICE("")));
    cr_assert_not(slice_equal(SLICE("abc"), SLICE("abd")));
    cr_assert_not(slice_equal(SLICE("a\0b"), SLICE("a\0c")));
    cr_assert_not(slice_equal(SLICE("ab"), SLICE("abc")));
}

Test(slice, ignores_the_case_of_ascii_letters_only)
{
    cr_assert(slice_equal_ignoring_case(SLICE("Content-TYPE"), SLICE("content-type")));
    cr_assert_not(slice_equal_ignoring_case(SLICE("a@"), SLICE("a`")));
    cr_assert_not(slice_equal_ignoring_case(SLICE("\xc3\x84"), SLICE("\xc3\xa4")));
    cr_assert_not(slice_equal_ignoring_case(SLICE("ab"), SLICE("a")));
}

Test(slice, knows_how_it_starts_and_ends)
{
    cr_assert(slice_starts_with(SLICE("http://a"), SLICE("http:")));
    cr_assert(slice_ends_with(SLICE("a.part"), SLICE(".part")));
    cr_assert(slice_starts_with(SLICE("a"), empty));
    cr_assert(slice_ends_with(empty, empty));
    cr_assert_not(slice_starts_with(SLICE("ht"), SLICE("http")));
    cr_assert_not(slice_ends_with(SLICE("art"), SLICE("part")));
}

Test(slice, knows_what_bytes_it_contains)
{
    cr_assert(slice_contains_byte(SLICE("a/b"), '/'));
    cr_assert(slice_contains_byte(SLICE("a\0b"), '\0'));
    cr_assert_not(slice_contains_byte(SLICE("ab"), '\0'));
    cr_assert_not(slice_contains_byte(empty, 'a'));
}

Test(slice, knows_the_control_characters_of_ascii)
{
    cr_assert(slice_has_control_character(SLICE("a\0b")));
    cr_assert(slice_has_control_character(SLICE("a\x1f")));
    cr_assert(slice_has_control_character(SLICE("\x7f")));
    cr_assert_not(slice_has_control_character(SLICE("a b~\xc3\xa4\xff")));
    cr_assert_not(slice_has_control_character(empty));
}

/* At any place of any length: they are looked at sixteen at a time. */
Test(slice, finds_the_control_character_wherever_it_is)
{
    char bytes[40];

    memset(bytes, '~', sizeof bytes);
    for (size_t at = 0; at < sizeof bytes; at++) {
        bytes[at] = '\t';
        cr_assert(slice_has_control_character((struct slice){bytes, at + 1}));
        cr_assert(slice_has_control_character((struct slice){bytes, sizeof bytes}));
        cr_assert_not(slice_has_control_character((struct slice){bytes, at}));
        bytes[at] = (char)0xff;
        cr_assert_not(slice_has_control_character((struct slice){bytes, sizeof bytes}));
        bytes[at] = ' ';
    }
}

Test(slice, is_trimmed_at_both_ends)
{
    assert_slice(slice_trim(SLICE(" \t a b\r\n")), "a b");
    assert_slice(slice_trim(SLICE(" \t\r\n")), "");
    assert_slice(slice_trim(SLICE("a")), "a");
    assert_slice(slice_trim(empty), "");
}

Test(slice, starts_later_but_never_behind_its_end)
{
    assert_slice(slice_from(SLICE("abc"), 1), "bc");
    assert_slice(slice_from(SLICE("abc"), 3), "");
    assert_slice(slice_from(SLICE("abc"), 99), "");
}

Test(slice, is_cut_at_the_first_separator)
{
    struct slice head, tail;

    cr_assert(slice_cut(SLICE("a:b:c"), ':', &head, &tail));
    assert_slice(head, "a");
    assert_slice(tail, "b:c");
    cr_assert(slice_cut(SLICE("a:"), ':', &head, &tail));
    assert_slice(head, "a");
    assert_slice(tail, "");
    cr_assert_not(slice_cut(SLICE("abc"), ':', &head, &tail));
    assert_slice(head, "abc");
    assert_slice(tail, "");
    cr_assert_not(slice_cut(empty, ':', &head, &tail));
}

Test(slice, is_cut_at_the_last_separator)
{
    struct slice head, tail;

    cr_assert(slice_cut_last(SLICE("a/b/c"), '/', &head, &tail));
    assert_slice(head, "a/b");
    assert_slice(tail, "c");
    cr_assert_not(slice_cut_last(SLICE("abc"), '/', &head, &tail));
    assert_slice(head, "");
    assert_slice(tail, "abc");
}

Test(slice, can_be_eaten_piece_by_piece)
{
    struct slice rest = SLICE("1,2,3"), piece;
    char digits[4] = {0};
    int count = 0;

    while (rest.length > 0) {
        slice_cut(rest, ',', &piece, &rest);
        digits[count++] = piece.bytes[0];
    }
    cr_assert_str_eq(digits, "123");
}

Test(slice, becomes_a_number_only_when_all_of_it_is_one)
{
    unsigned long long number = 7;

    cr_assert(slice_to_unsigned(SLICE("0"), 0, &number) && number == 0);
    cr_assert(slice_to_unsigned(SLICE("007"), 7, &number) && number == 7);
    cr_assert(slice_to_unsigned(SLICE("18446744073709551615"), ULLONG_MAX, &number) && number == ULLONG_MAX);
    cr_assert(slice_to_unsigned(SLICE("255"), 255, &number) && number == 255);

    const char *not_numbers[] = {"", "-1", "+1", " 1", "1 ", "0x1", "1.0", "256", "1000", "18446744073709551616"};

    for (size_t i = 0; i < sizeof(not_numbers) / sizeof(*not_numbers); i++)
        cr_assert_not(slice_to_unsigned(slice_of(not_numbers[i]), 255, &number), "'%s'", not_numbers[i]);
    cr_assert_not(slice_to_unsigned(SLICE("18446744073709551616"), ULLONG_MAX, &number));
    cr_assert_not(slice_to_unsigned(SLICE("5"), 3, &number));
    cr_assert_eq(number, 255, "a number that was refused was stored");
}

Test(slice, finds_the_first_of_what_is_in_it)
{
    struct slice slice = SLICE("a..b..");

    cr_assert_eq(slice_find(slice, SLICE("..")), slice.bytes + 1);
    cr_assert_null(slice_find(slice, SLICE("...")));
    cr_assert_null(slice_find((struct slice){0}, SLICE("..")));
}

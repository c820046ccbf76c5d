#include "../../../src/report/shown.h"

#include <criterion/criterion.h>

static void assert_cut(const char *words, unsigned columns, const char *expected, unsigned taken)
{
    CLEANUP(text_release) struct text text = {0};
    unsigned used;

    text_append_string(&text, "");
    used = shown_append_cut(&text, slice_of(words), columns);
    cr_assert_str_eq(text.bytes, expected);
    cr_assert_eq(used, taken, "%s: %u columns, not %u", text.bytes, used, taken);
    cr_assert_leq(shown_columns(text_slice(&text)), columns);
}

Test(shown, keeps_what_fits_and_drops_the_middle_of_what_does_not)
{
    assert_cut("release.tar.gz", 14, "release.tar.gz", 14);
    assert_cut("release.tar.gz", 11, "rele...r.gz", 11);
    assert_cut("", 5, "", 0);
    assert_cut("abc", 0, "", 0);
    assert_cut("abcdef", 3, "abc", 3);
}

Test(shown, counts_wide_characters_twice_and_never_halves_them)
{
    assert_cut("日本語", 6, "日本語", 6);
    assert_cut("日本語", 3, "日", 2);
    assert_cut("日本語日本語", 8, "日...語", 7);
    assert_cut("日本語日本語", 10, "日...本語", 9);
}

Test(shown, leaves_marks_with_their_character)
{
    assert_cut("e\u0301e\u0301", 2, "e\u0301e\u0301", 2);
    assert_cut("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", 5, "e\u0301...e\u0301", 5);
}

Test(shown, does_not_let_marks_pile_up)
{
    assert_cut("a\u0301\u0301\u0301\u0301\u0301\u0301\u0301z", 5, "a\u0301\u0301\u0301\u0301z", 2);
}

Test(shown, escapes_what_steers_a_terminal)
{
    assert_cut("\x1b[2J", 40, "\\x1B[2J", 7);
    assert_cut("a\nb\rc\td", 40, "a\\x0Ab\\x0Dc\\x09d", 16);
    assert_cut("\u202egpj.exe", 40, "\\xE2\\x80\\xAEgpj.exe", 19);
    assert_cut("\xc2\x9b" "2J", 40, "\\xC2\\x9B2J", 10);
    assert_cut("\xff\xc0", 40, "\\xFF\\xC0", 8);
}

Test(shown, does_not_count_colours)
{
    cr_assert_eq(shown_columns_of_line(SLICE("\x1b[31mred\x1b[0m one")), 7);
    cr_assert_eq(shown_columns_of_line(SLICE("\x1b[31")), 0);
}

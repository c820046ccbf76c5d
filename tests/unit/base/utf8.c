#include <haul/base/utf8.h>

#include <criterion/criterion.h>

Test(utf8, decodes_the_first_and_last_code_point_of_every_length)
{
    static const struct {
        const char *bytes;
        size_t length;
        uint32_t code_point;
    } cases[] = {
        {"a", 1, 'a'},
        {"\x7f", 1, 0x7f},
        {"\xc2\x80", 2, 0x80},
        {"\xdf\xbf", 2, 0x7ff},
        {"\xe0\xa0\x80", 3, 0x800},
        {"\xed\x9f\xbf", 3, 0xd7ff},
        {"\xee\x80\x80", 3, 0xe000},
        {"\xef\xbf\xbf", 3, 0xffff},
        {"\xf0\x90\x80\x80", 4, 0x10000},
        {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
        {"\xe2\x82\xac and more", 3, 0x20ac},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        uint32_t code_point = 0;

        cr_assert_eq(utf8_decode(slice_of(cases[i].bytes), &code_point), cases[i].length, "case %zu", i);
        cr_assert_eq(code_point, cases[i].code_point, "case %zu", i);
    }
}

Test(utf8, decodes_a_nul)
{
    uint32_t code_point = 1;

    cr_assert_eq(utf8_decode(SLICE("\0"), &code_point), 1);
    cr_assert_eq(code_point, 0);
}

Test(utf8, refuses_what_is_not_well_formed)
{
    static const char *const cases[] = {
        "",
        "\x80",             /* no lead */
        "\xc2",             /* cut */
        "\xe2\x82",         /* cut */
        "\xf0\x9f\x98",     /* cut */
        "\xc2 ",            /* no continuation */
        "\xc0\xaf",         /* overlong */
        "\xe0\x9f\xbf",     /* overlong */
        "\xf0\x8f\xbf\xbf", /* overlong */
        "\xed\xa0\x80",     /* surrogate */
        "\xed\xbf\xbf",     /* surrogate */
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xf5\x80\x80\x80",
        "\xfe",
        "\xff",
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        uint32_t code_point = 7;

        cr_assert_eq(utf8_decode(slice_of(cases[i]), &code_point), 0, "case %zu", i);
        cr_assert_eq(code_point, 7, "case %zu", i);
    }
}

Test(utf8, is_cut_between_sequences)
{
    struct slice euros = SLICE("a\xe2\x82\xac\xe2\x82\xac");

    cr_assert_eq(utf8_cut(euros, 0).length, 0);
    cr_assert_eq(utf8_cut(euros, 1).length, 1);
    cr_assert_eq(utf8_cut(euros, 2).length, 1);
    cr_assert_eq(utf8_cut(euros, 3).length, 1);
    cr_assert_eq(utf8_cut(euros, 4).length, 4);
    cr_assert_eq(utf8_cut(euros, 6).length, 4);
    cr_assert_eq(utf8_cut(euros, 7).length, 7);
    cr_assert_eq(utf8_cut(euros, 99).length, 7);
}

Test(utf8, gives_up_little_when_what_it_cuts_is_not_utf8)
{
    cr_assert_eq(utf8_cut(SLICE("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"), 8).length, 4);
}

Test(utf8, is_valid_when_all_of_it_is)
{
    cr_expect(utf8_is_valid(SLICE("")));
    cr_expect(utf8_is_valid(SLICE("a\xe2\x82\xac\0z")));
    cr_expect_not(utf8_is_valid(SLICE("a\xe2\x82")));
    cr_expect_not(utf8_is_valid(SLICE("\xff"
                                      "a")));
}

#include "nearest.h"

#include <criterion/criterion.h>

Test(nearest, counts_what_must_be_changed)
{
    static const struct {
        const char *one, *other;
        size_t distance;
    } CASES[] = {
        {"", "", 0},         {"json", "json", 0},    {"", "json", 4},
        {"json", "", 4},     {"json", "jon", 1},     {"json", "jsson", 1},
        {"json", "jsan", 1}, {"json", "jsno", 1},    {"kitten", "sitting", 3},
        {"abcd", "badc", 2}, {"output", "input", 3},
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        struct slice one = slice_of(CASES[i].one), other = slice_of(CASES[i].other);

        cr_expect_eq(nearest_distance(one, other), CASES[i].distance, "'%s' and '%s'", CASES[i].one, CASES[i].other);
        cr_expect_eq(nearest_distance(other, one), CASES[i].distance, "'%s' and '%s'", CASES[i].other, CASES[i].one);
    }
}

Test(nearest, allows_more_slips_in_a_longer_name)
{
    cr_assert_eq(nearest_distance_maximum(SLICE("abc")), 1);
    cr_assert_eq(nearest_distance_maximum(SLICE("abcdefgh")), 3);
}

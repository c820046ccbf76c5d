#include "../../../src/disk/contests.h"

#include <criterion/criterion.h>

Test(contests, hold_nothing_at_first)
{
    struct contests contests = {.by_name = NULL};

    cr_assert_not(contests_have(&contests, 1));
    contests_release(&contests);
}

Test(contests, count_for_each_name)
{
    struct contests contests = {.by_name = NULL};

    cr_assert_eq(contests_next(&contests, 1, 0), 1);
    cr_assert_eq(contests_next(&contests, 1, 0), 2);
    cr_assert_eq(contests_next(&contests, 2, 0), 1);
    cr_assert_eq(contests_next(&contests, 1, 1), 3);
    cr_assert(contests_have(&contests, 1));
    cr_assert_not(contests_have(&contests, 3));
    contests_release(&contests);
}

Test(contests, do_not_lose_one_to_another_in_the_same_place)
{
    struct contests contests = {.by_name = NULL};

    for (unsigned number = 1; number < 5; number++)
        for (uint64_t i = 0; i < 1000; i++)
            cr_assert_eq(contests_next(&contests, (i << 32) | 1, 0), number);
    contests_release(&contests);
}

Test(contests, give_what_was_not_tried_also_when_more_were_forgotten_than_are_remembered)
{
    struct contests contests = {.by_name = NULL};

    for (uint64_t name = 1; name <= CONTESTS_MAXIMUM; name++)
        cr_assert_eq(contests_next(&contests, name, 0), 1);
    cr_assert_eq(contests_next(&contests, CONTESTS_MAXIMUM + 1, 0), 1);
    cr_assert_not(contests_have(&contests, 1));
    cr_assert_eq(contests_next(&contests, 1, 1), 2);
    cr_assert_eq(contests_next(&contests, 2, 0), 1);
    contests_release(&contests);
}

#include "../../../src/batch/origins.h"

#include <criterion/criterion.h>
#include <string.h>

static struct work works[100];

static struct work *add(struct origins *origins, const char *origin)
{
    static size_t next;
    struct work *work = &works[next++];

    work->result.origin = origin;
    origins_add(origins, work);
    return work;
}

Test(origins, take_turns_however_many_works_wait_at_the_first)
{
    struct origins origins;
    struct work *b, *c;

    origins_init(&origins, 8);
    for (int i = 0; i < 10; i++)
        add(&origins, "a");
    b = add(&origins, "b");
    c = add(&origins, "c");
    cr_expect_str_eq(origins_take(&origins)->result.origin, "a");
    cr_expect_eq(origins_take(&origins), b);
    cr_expect_eq(origins_take(&origins), c);
    cr_expect_str_eq(origins_take(&origins)->result.origin, "a");
}

Test(origins, give_works_of_one_origin_in_order)
{
    struct origins origins;
    struct work *expected[5];

    origins_init(&origins, 8);
    for (int i = 0; i < 5; i++)
        expected[i] = add(&origins, "a");
    for (int i = 0; i < 5; i++)
        cr_expect_eq(origins_take(&origins), expected[i]);
    cr_expect_null(origins_take(&origins));
}

Test(origins, run_no_more_than_their_limit_each)
{
    struct origins origins;
    struct work *first;

    origins_init(&origins, 2);
    first = add(&origins, "a");
    add(&origins, "a");
    add(&origins, "a");
    cr_expect_eq(origins_take(&origins), first);
    cr_expect_not_null(origins_take(&origins));
    cr_expect_null(origins_take(&origins));
    origins_give_back(&origins, first->origin);
    cr_expect_not_null(origins_take(&origins));
    cr_expect_null(origins_take(&origins));
}

Test(origins, are_forgotten_when_nothing_waits_and_nothing_runs)
{
    struct origins origins;
    struct work *work;

    origins_init(&origins, 1);
    work = add(&origins, "a");
    cr_expect_eq(HASH_COUNT(origins.by_name), 1);
    origins_take(&origins);
    cr_expect_eq(HASH_COUNT(origins.by_name), 1);
    origins_give_back(&origins, work->origin);
    cr_expect_eq(HASH_COUNT(origins.by_name), 0);
}

Test(origins, put_a_retry_before_the_works_that_never_ran)
{
    struct origins origins;
    struct work *retry;

    origins_init(&origins, 1);
    retry = add(&origins, "a");
    add(&origins, "a");
    cr_assert_eq(origins_take(&origins), retry);
    origins_give_back(&origins, retry->origin);
    origins_add_first(&origins, retry);
    cr_expect_eq(origins_take(&origins), retry);
}

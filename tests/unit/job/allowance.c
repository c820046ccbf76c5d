#include <haul/job/allowance.h>

#include <criterion/criterion.h>

static bool note_many(struct allowance *allowance, enum allowance_sign sign, unsigned times)
{
    bool changed = false;

    for (unsigned i = 0; i < times; i++)
        changed |= allowance_note(allowance, sign, INT64_MAX, INT64_MAX);
    return changed;
}

Test(allowance, is_the_most_where_nothing_went_wrong)
{
    struct allowance allowance;

    allowance_init(&allowance, 8);
    cr_expect_not(note_many(&allowance, ALLOWANCE_COPES, 100));
    cr_expect_not(note_many(&allowance, ALLOWANCE_NO_SIGN, 100));
    cr_expect_eq(allowance.now, 8);
}

Test(allowance, is_halved_down_to_one)
{
    static const unsigned expected[] = {4, 2, 1, 1};
    struct allowance allowance;

    allowance_init(&allowance, 9);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        cr_expect_eq(allowance_note(&allowance, ALLOWANCE_TOO_MUCH, (int64_t)i + 1, (int64_t)i + 1),
                     i == 0 || expected[i] != expected[i - 1]);
        cr_expect_eq(allowance.now, expected[i], "%u", allowance.now);
    }
}

Test(allowance, is_halved_once_for_all_that_was_under_way_together)
{
    struct allowance allowance;

    allowance_init(&allowance, 8);
    cr_expect(allowance_note(&allowance, ALLOWANCE_TOO_MUCH, 10, 20));
    for (int64_t began = 10; began < 20; began++)
        cr_expect_not(allowance_note(&allowance, ALLOWANCE_TOO_MUCH, began, 25));
    cr_expect_eq(allowance.now, 4);
    cr_expect(allowance_note(&allowance, ALLOWANCE_TOO_MUCH, 20, 30));
    cr_expect_eq(allowance.now, 2);
}

Test(allowance, grows_by_one_for_as_many_as_it_is_up_to_the_most)
{
    struct allowance allowance;

    allowance_init(&allowance, 4);
    allowance_note(&allowance, ALLOWANCE_TOO_MUCH, 1, 1);
    cr_expect_eq(allowance.now, 2);
    cr_expect_not(note_many(&allowance, ALLOWANCE_COPES, 1));
    cr_expect(note_many(&allowance, ALLOWANCE_COPES, 1));
    cr_expect_eq(allowance.now, 3);
    cr_expect_not(note_many(&allowance, ALLOWANCE_COPES, 2));
    cr_expect(note_many(&allowance, ALLOWANCE_COPES, 1));
    cr_expect_not(note_many(&allowance, ALLOWANCE_COPES, 100));
    cr_expect_eq(allowance.now, 4);
}

Test(allowance, does_not_grow_by_what_began_before_it_was_halved)
{
    struct allowance allowance;

    allowance_init(&allowance, 8);
    allowance_note(&allowance, ALLOWANCE_TOO_MUCH, 10, 20);
    for (int i = 0; i < 100; i++)
        cr_expect_not(allowance_note(&allowance, ALLOWANCE_COPES, 19, 30));
    cr_expect_eq(allowance.now, 4);
}

Test(allowance, counts_failed_connections_only_where_there_were_answers)
{
    struct allowance allowance;

    allowance_init(&allowance, 8);
    cr_expect_not(note_many(&allowance, ALLOWANCE_NO_CONNECTION, 100));
    allowance_note(&allowance, ALLOWANCE_COPES, 1, 1);
    cr_expect(allowance_note(&allowance, ALLOWANCE_NO_CONNECTION, 2, 2));
    cr_expect_eq(allowance.now, 4);
}

Test(allowance, takes_signs_from_how_attempts_end)
{
    static const struct {
        enum failure_class class;
        int code;
        enum allowance_sign sign;
    } cases[] = {
        {FAILURE_NONE, 0, ALLOWANCE_COPES},       {FAILURE_HTTP, 404, ALLOWANCE_COPES},
        {FAILURE_HTTP, 500, ALLOWANCE_COPES},     {FAILURE_HTTP, 429, ALLOWANCE_TOO_MUCH},
        {FAILURE_HTTP, 503, ALLOWANCE_TOO_MUCH},  {FAILURE_CONNECT, 503, ALLOWANCE_NO_CONNECTION},
        {FAILURE_DISK, 28, ALLOWANCE_NO_SIGN},    {FAILURE_CANCELLED, 0, ALLOWANCE_NO_SIGN},
        {FAILURE_PARTIAL, 18, ALLOWANCE_NO_SIGN},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct failure failure = {.class = cases[i].class, .code = cases[i].code};

        cr_expect_eq(allowance_sign_of(&failure), cases[i].sign, "case %zu", i);
    }
}

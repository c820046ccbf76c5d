#include "../../../src/batch/origins.h"
#include "../co/run.h"

#include <stdio.h>
#include <string.h>

static struct work works[2 * ORIGINS_IDLE_MAXIMUM + 100];

static struct work *add_with(struct origins *origins, const char *origin, int priority)
{
    static struct job jobs[sizeof works / sizeof *works];
    static size_t next;
    struct work *work = &works[next];

    work->job = &jobs[next++];
    work->job->priority = priority;
    work->result.origin = origin;
    origins_add(origins, work);
    return work;
}

static struct work *add(struct origins *origins, const char *origin)
{
    return add_with(origins, origin, 0);
}

Test(origins, take_turns_however_many_works_wait_at_the_first)
{
    struct origins origins;
    struct work *b, *c;

    origins_init(&origins, NULL, NULL, 8);
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

    origins_init(&origins, NULL, NULL, 8);
    for (int i = 0; i < 5; i++)
        expected[i] = add(&origins, "a");
    for (int i = 0; i < 5; i++)
        cr_expect_eq(origins_take(&origins), expected[i]);
    cr_expect_null(origins_take(&origins));
}

Test(origins, give_works_of_a_higher_priority_first_and_take_turns_with_the_same)
{
    struct origins origins;
    struct work *late, *low, *a, *b, *urgent, *next;

    origins_init(&origins, NULL, NULL, 8);
    low = add_with(&origins, "a", JOB_PRIORITY_MINIMUM);
    late = add(&origins, "a");
    a = add_with(&origins, "a", 5);
    next = add_with(&origins, "a", 5);
    b = add_with(&origins, "b", 5);
    urgent = add_with(&origins, "c", JOB_PRIORITY_MAXIMUM);
    cr_expect_eq(origins_take(&origins), urgent);
    cr_expect_eq(origins_take(&origins), a);
    cr_expect_eq(origins_take(&origins), b);
    cr_expect_eq(origins_take(&origins), next);
    cr_expect_eq(origins_take(&origins), late);
    cr_expect_eq(origins_take(&origins), low);
    cr_expect_null(origins_take(&origins));
}

Test(origins, give_a_retry_before_the_others_of_its_priority_only)
{
    struct origins origins;
    struct work *low, *urgent, *other;

    origins_init(&origins, NULL, NULL, 1);
    low = add(&origins, "a");
    cr_assert_eq(origins_take(&origins), low);
    urgent = add_with(&origins, "a", 1);
    other = add(&origins, "a");
    origins_give_back(&origins, low->origin);
    origins_add_first(&origins, low);
    cr_expect_eq(origins_take(&origins), urgent);
    origins_give_back(&origins, urgent->origin);
    cr_expect_eq(origins_take(&origins), low);
    origins_give_back(&origins, low->origin);
    cr_expect_eq(origins_take(&origins), other);
}

Test(origins, run_no_more_than_their_limit_each)
{
    struct origins origins;
    struct work *first;

    origins_init(&origins, NULL, NULL, 2);
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

    origins_init(&origins, NULL, NULL, 1);
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

    origins_init(&origins, NULL, NULL, 1);
    retry = add(&origins, "a");
    add(&origins, "a");
    cr_assert_eq(origins_take(&origins), retry);
    origins_give_back(&origins, retry->origin);
    origins_add_first(&origins, retry);
    cr_expect_eq(origins_take(&origins), retry);
}

CO_TEST(origins, that_rest_are_passed_over_until_the_moment)
{
    struct co_event changed;
    struct origins origins;
    struct work *a, *b;
    int64_t until = co_after(CO_MILLISECONDS(20));

    co_event_init(&changed);
    origins_init(&origins, co_task_runtime(self), &changed, 8);
    a = add(&origins, "a");
    cr_expect_eq(origins_take(&origins), a);
    cr_expect(origins_pause(&origins, "a", until));
    cr_expect_not(origins_pause(&origins, "a", until - CO_MILLISECONDS(10)));
    origins_give_back(&origins, a->origin);
    a = add(&origins, "a");
    b = add(&origins, "b");
    cr_expect_eq(origins_take(&origins), b);
    cr_expect_null(origins_take(&origins));
    cr_expect_eq(co_event_wait(self, &changed), 0);
    cr_expect_geq(co_now(), until);
    cr_expect_eq(origins_take(&origins), a);
}

CO_TEST(origins, that_only_rest_are_remembered_so_many_and_no_longer_than_they_rest)
{
    static char names[ORIGINS_IDLE_MAXIMUM + 10][16];
    struct co_event changed;
    struct origins origins;

    co_event_init(&changed);
    origins_init(&origins, co_task_runtime(self), &changed, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct work *work;

        snprintf(names[i], sizeof names[i], "%zu", i);
        work = add(&origins, names[i]);
        origins_take(&origins);
        origins_pause(&origins, names[i], co_after(CO_MILLISECONDS(200)));
        origins_give_back(&origins, work->origin);
    }
    cr_expect_eq(HASH_COUNT(origins.by_name), ORIGINS_IDLE_MAXIMUM);
    co_sleep(self, CO_MILLISECONDS(250));
    cr_expect_eq(HASH_COUNT(origins.by_name), 0);
}

CO_TEST(origins, for_which_it_is_too_much_run_fewer_and_are_known_for_it_while_their_works_sleep)
{
    struct co_event changed;
    struct origins origins;
    struct work *work;

    co_event_init(&changed);
    origins_init(&origins, co_task_runtime(self), &changed, 2);
    origins.adapts = true;
    origins.trouble_rest = CO_MILLISECONDS(20);
    work = add(&origins, "a");
    cr_expect_eq(origins_take(&origins), work);
    cr_expect(origins_note_sign(work->origin, ALLOWANCE_TOO_MUCH, co_now()));
    origins_give_back(&origins, work->origin);
    cr_expect_eq(HASH_COUNT(origins.by_name), 1);
    origins_add_first(&origins, work);
    add(&origins, "a");
    cr_expect_eq(origins_take(&origins), work);
    cr_expect_null(origins_take(&origins));
    cr_expect(origins_note_sign(work->origin, ALLOWANCE_COPES, co_now()));
    cr_expect_not_null(origins_take(&origins));
    origins_give_back(&origins, work->origin);
    origins_give_back(&origins, work->origin);
    cr_expect_eq(HASH_COUNT(origins.by_name), 0);
}

CO_TEST(origins, run_as_many_as_ever_where_they_do_not_adapt)
{
    struct co_event changed;
    struct origins origins;
    struct work *work;

    co_event_init(&changed);
    origins_init(&origins, co_task_runtime(self), &changed, 2);
    work = add(&origins, "a");
    add(&origins, "a");
    cr_expect_eq(origins_take(&origins), work);
    cr_expect_not(origins_note_sign(work->origin, ALLOWANCE_TOO_MUCH, co_now()));
    cr_expect_not_null(origins_take(&origins));
}

Test(origins, lend_a_permit_only_while_nothing_waits_and_the_limit_is_not_reached)
{
    struct origins origins;
    struct work *work;

    origins_init(&origins, NULL, NULL, 2);
    work = add(&origins, "a");
    add(&origins, "a");
    cr_assert_eq(origins_take(&origins), work);
    cr_expect_not(origins_lend(&origins, work->origin), "another waits");
    cr_assert_not_null(origins_take(&origins));
    cr_expect_not(origins_lend(&origins, work->origin), "two is the limit");
    origins_give_back(&origins, work->origin);
    cr_expect(origins_lend(&origins, work->origin));
    add(&origins, "a");
    cr_expect_null(origins_take(&origins), "it counts as a work");
    origins_give_back(&origins, work->origin);
    cr_expect_not_null(origins_take(&origins));
}

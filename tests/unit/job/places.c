#include <haul/job/places.h>

#include <criterion/criterion.h>

Test(places, are_one_where_there_are_no_mirrors)
{
    struct places places = {.mirrors = 0};

    places_note_failure(&places, true);
    cr_assert_not(places_go_on(&places));
    cr_assert(places_are_left(&places));
    places_begin_round(&places, false);
    cr_assert_eq(places.now, 0);
    cr_assert_eq(places.rounds, 1);
}

Test(places, come_in_their_order_once_a_round)
{
    struct places places = {.mirrors = 2};

    cr_assert(places_go_on(&places) && places.now == 1);
    cr_assert(places_go_on(&places) && places.now == 2);
    cr_assert_not(places_go_on(&places));
    cr_assert_eq(places.rounds, 0);
    places_begin_round(&places, false);
    cr_assert_eq(places.now, 0);
}

Test(places, are_left_out_when_they_have_failed_for_good)
{
    struct places places = {.mirrors = 2};

    places_note_failure(&places, false);
    places_go_on(&places);
    places_note_failure(&places, true);
    places_go_on(&places);
    places_note_failure(&places, false);
    places_begin_round(&places, false);
    cr_assert_eq(places.now, 1);
    cr_assert_not(places_go_on(&places));
    places_note_failure(&places, false);
    cr_assert_not(places_are_left(&places));
}

Test(places, are_all_asked_again_by_whoever_waits_for_a_service)
{
    struct places places = {.mirrors = 1};

    places_note_failure(&places, false);
    places_go_on(&places);
    places_note_failure(&places, false);
    places_begin_round(&places, true);
    cr_assert_eq(places.now, 0);
    cr_assert(places_go_on(&places));
}

Test(places, have_the_mirrors_of_a_job_behind_its_url)
{
    CLEANUP(job_close)
    struct job *job =
        job_open(&(struct job_parts){.url = SLICE("http://a/"), .mirrors = SLICE("http://b/\0http://c/\0")});
    CLEANUP(job_close) struct job *alone = job_open(&(struct job_parts){.url = SLICE("http://a/")});

    cr_assert_eq(places_count_mirrors(job), 2);
    cr_assert_str_eq(places_mirror(job, 1), "http://b/");
    cr_assert_str_eq(places_mirror(job, 2), "http://c/");
    cr_assert_eq(places_count_mirrors(alone), 0);
}

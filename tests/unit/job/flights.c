#include <haul/job/flights.h>
#include <haul/job/job.h>

#include <criterion/criterion.h>

static void add(struct flights *flights, struct flight *flight, int64_t size)
{
    struct job job = {.has_size = size >= 0, .size = size};

    flights_read(flights, &job);
    flight_init(flight, &job);
}

Test(flights, count_what_is_read_and_what_is_under_way)
{
    struct flights flights;
    struct flight first, second;

    flights_init(&flights);
    add(&flights, &first, -1);
    add(&flights, &second, 100);
    cr_assert_eq(flights.read, 2);
    cr_assert_eq(flights.unsized, 1);
    cr_assert_eq(flights.bytes, 100);
    flights_begin(&flights, &first, "a", 5);
    flights_begin(&flights, &second, "b", 6);
    first.came = 7;
    second.came = 8;
    cr_assert_eq(flights.count, 2);
    cr_assert_eq(flights_came(&flights), 15);
    flights_end(&flights, &first);
    cr_assert_eq(flights_came(&flights), 8);
}

Test(flights, take_the_size_that_the_server_tells_for_the_one_expected)
{
    struct flights flights;
    struct flight one, other;

    flights_init(&flights);
    add(&flights, &one, -1);
    add(&flights, &other, 100);
    flights_note_size(&flights, &one, 30);
    flights_note_size(&flights, &other, 90);
    cr_assert_eq(flights.unsized, 0);
    cr_assert_eq(flights.bytes, 120);
    flights_remove(&flights, &one);
    flights_remove(&flights, &other);
    cr_assert_eq(flights.bytes, 0);
}

Test(flights, do_not_believe_in_sizes_that_no_disk_has)
{
    struct flights flights;
    struct flight flight;

    flights_init(&flights);
    add(&flights, &flight, INT64_MAX);
    cr_assert_eq(flights.unsized, 1);
    flights_note_size(&flights, &flight, INT64_MAX);
    cr_assert_eq(flights.bytes, 0);
    flights_remove(&flights, &flight);
    cr_assert_eq(flights.unsized, 0);
}

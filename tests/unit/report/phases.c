#include "../../../src/report/phases.h"

#include <criterion/criterion.h>

static void assert_phases(const struct exchange *exchange, struct phases expected)
{
    struct phases phases = phases_of(exchange);

    cr_expect_eq(phases.lookup, expected.lookup);
    cr_expect_eq(phases.connect, expected.connect);
    cr_expect_eq(phases.tls, expected.tls);
    cr_expect_eq(phases.blocked, expected.blocked);
    cr_expect_eq(phases.first_byte, expected.first_byte);
    cr_expect_eq(phases.body, expected.body);
    cr_expect_eq(phases_sum(&phases), exchange->time.total);
}

Test(phases, follow_each_other)
{
    struct exchange exchange = {.num_connects = 1, .time = {10, 30, 60, 61, 100, 0, 150}};

    assert_phases(&exchange, (struct phases){10, 20, 30, 1, 39, 50});
}

Test(phases, leave_out_the_connection_that_was_there)
{
    struct exchange exchange = {.time = {10, 10, 10, 15, 100, 0, 150}};

    assert_phases(&exchange, (struct phases){.lookup = 10, .blocked = 5, .first_byte = 85, .body = 50});
}

Test(phases, give_the_last_while_to_what_was_not_got_through)
{
    assert_phases(&(struct exchange){.time = {.total = 9}}, (struct phases){.lookup = 9});
    assert_phases(&(struct exchange){.time = {.name_lookup = 2, .total = 9}},
                  (struct phases){.lookup = 2, .connect = 7});
    assert_phases(&(struct exchange){.num_connects = 1, .time = {.name_lookup = 2, .connect = 4, .total = 9}},
                  (struct phases){.lookup = 2, .connect = 2, .tls = 5});
    assert_phases(&(struct exchange){.num_connects = 1, .time = {2, 4, 0, 5, 0, 0, 9}},
                  (struct phases){.lookup = 2, .connect = 2, .blocked = 1, .first_byte = 4});
}

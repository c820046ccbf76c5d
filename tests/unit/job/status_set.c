#include <haul/job/status_set.h>

#include <criterion/criterion.h>

Test(status_set, has_what_was_written)
{
    struct status_set set;

    cr_assert(status_set_parse(SLICE("200..299, 404 ,5xx"), &set));
    cr_assert(set.given);
    cr_assert(status_set_has(&set, 200));
    cr_assert(status_set_has(&set, 256));
    cr_assert(status_set_has(&set, 299));
    cr_assert(status_set_has(&set, 404));
    cr_assert(status_set_has(&set, 599));
    cr_assert_not(status_set_has(&set, 199));
    cr_assert_not(status_set_has(&set, 300));
    cr_assert_not(status_set_has(&set, 403));
    cr_assert_not(status_set_has(&set, 0));
    cr_assert_not(status_set_has(&set, -1));
    cr_assert_not(status_set_has(&set, 100000));
}

Test(status_set, refuses_what_is_none)
{
    static const char *const bad[] = {"",         " ",       ",",     "200,",      "99",  "600", "2000",
                                      "299..200", "200..",   "..200", "200...299", "6xx", "0xx", "2x",
                                      "20x",      "200-299", "+200",  "200 404",   "a"};
    struct status_set set;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_not(status_set_parse(slice_of(bad[i]), &set), "%s", bad[i]);
}

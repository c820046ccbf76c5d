#include <haul/job/date.h>

#include <criterion/criterion.h>

Test(date, reads_the_three_forms_of_http)
{
    static const char *const forms[] = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        int64_t seconds = 0;

        cr_expect(date_parse(forms[i], &seconds), "%s", forms[i]);
        cr_expect_eq(seconds, 784111777, "%s", forms[i]);
    }
}

Test(date, is_not_guessed)
{
    static const char *const none[] = {
        NULL,
        "",
        "yesterday",
        "784111777",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 06 Nov 1994 08:49:37 GMT and more",
        "Sun, 66 Nov 1994 08:49:37 GMT",
    };
    int64_t seconds = -1;

    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect_not(date_parse(none[i], &seconds), "%s", none[i]);
    cr_assert_eq(seconds, -1);
}

#include "nearest.h"
#include "option_table.h"
#include "settings.h"

#include <criterion/criterion.h>
#include <string.h>

#define EACH_OPTION(entry) for (const struct option_entry *entry = option_table; entry->name; entry++)

Test(option_table, finds_each_option_by_its_name_and_letter)
{
    EACH_OPTION(entry)
    {
        cr_expect_eq(option_find(slice_of(entry->name)), entry, "'%s' is there twice", entry->name);
        if (entry->letter != '\0')
            cr_expect_eq(option_find_letter(entry->letter), entry, "'%c' is there twice", entry->letter);
    }
    cr_assert_null(option_find(SLICE("")));
    cr_assert_null(option_find(SLICE("jso")));
    cr_assert_null(option_find_letter('\0'));
    cr_assert_null(option_find_letter('?'));
}

Test(option_table, has_an_argument_just_where_the_type_reads_one)
{
    EACH_OPTION(entry)
    {
        cr_expect_eq(entry->argument != NULL, entry->type >= OPTION_STRING, "'%s'", entry->name);
        cr_expect_eq(option_has_limits(entry), entry->maximum > entry->minimum, "'%s'", entry->name);
        cr_expect(strlen(entry->name) <= NEAREST_LENGTH_MAXIMUM, "'%s'", entry->name);
        cr_expect_lt(entry->group, GROUP_COUNT, "'%s'", entry->name);
    }
}

Test(option_table, knows_which_option_was_meant)
{
    static const struct {
        const char *written, *meant;
    } CASES[] = {
        {"jsno", "json"},     {"jason", "json"},        {"no-locaton", "no-location"},
        {"outptu", "output"}, {"max_time", "max-time"}, {"parralel", "parallel"},
        {"http1", "http2"},   {"cacerts", "cacert"},    {"tries", "retry"},
    };

    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        const struct option_entry *nearest = option_nearest(slice_of(CASES[i].written));

        cr_expect_str_eq(nearest ? nearest->name : "none", CASES[i].meant, "'%s'", CASES[i].written);
    }
}

Test(option_table, guesses_nothing_when_nothing_is_near)
{
    char endless[NEAREST_LENGTH_MAXIMUM + 2] = {0};

    memset(endless, 'x', sizeof(endless) - 1);
    cr_assert_null(option_nearest(SLICE("frobnicate")));
    cr_assert_null(option_nearest(SLICE("")));
    cr_assert_null(option_nearest(slice_of(endless)));
}

Test(option_table, writes_limits_as_a_user_would)
{
    CLEANUP(text_release) struct text text = {0};

    option_append_limits(&text, option_find(SLICE("jobs")));
    text_append_string(&text, ", ");
    option_append_limits(&text, option_find(SLICE("connect-timeout")));
    text_append_string(&text, ", ");
    option_append_limits(&text, option_find(SLICE("speed-limit")));
    cr_assert_str_eq(text.bytes, "1 to 16384, 1ms to 1000h, 1 to 1G");
}

Test(option_table, gives_each_option_a_variable_of_its_own)
{
    EACH_OPTION(entry)
    {
        CLEANUP(text_release) struct text one = {0};

        setting_append_variable(&one, entry);
        for (const struct option_entry *other = entry + 1; other->name; other++) {
            CLEANUP(text_release) struct text another = {0};

            setting_append_variable(&another, other);
            cr_expect_str_neq(one.bytes, another.bytes);
        }
    }
}

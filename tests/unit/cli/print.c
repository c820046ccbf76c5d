#include "option_table.h"

#include <haul/cli/print.h>

#include <criterion/criterion.h>
#include <string.h>

Test(print, helps_with_every_option)
{
    CLEANUP(text_release) struct text text = {0};

    print_help(&text, "all");
    for (const struct option_entry *entry = option_table; entry->name; entry++) {
        cr_expect(strstr(text.bytes, entry->name), "'%s'", entry->name);
        cr_expect(strstr(text.bytes, entry->help), "'%s'", entry->name);
    }
    for (enum option_group group = 0; group < GROUP_COUNT; group++)
        cr_expect(strstr(text.bytes, option_group_title(group)), "%s", option_group_title(group));
}

Test(print, keeps_help_within_80_columns)
{
    static const char *const TOPICS[] = {NULL, "all"};

    for (size_t i = 0; i < sizeof TOPICS / sizeof TOPICS[0]; i++) {
        CLEANUP(text_release) struct text text = {0};
        struct slice line, rest;

        print_help(&text, TOPICS[i]);
        rest = text_slice(&text);
        while (slice_cut(rest, '\n', &line, &rest))
            cr_expect(line.length <= 80, SLICE_FORMAT, SLICE_ARGUMENT(line));
    }
}

static size_t count_lines(const struct text *text)
{
    struct slice line, rest = text_slice(text);
    size_t count = 0;

    while (slice_cut(rest, '\n', &line, &rest))
        count++;
    return count;
}

Test(print, helps_briefly_on_one_screen)
{
    CLEANUP(text_release) struct text text = {0};

    print_help(&text, NULL);
    cr_expect_leq(count_lines(&text), 24);
    for (const char *const *topic = option_topics; *topic; topic++)
        cr_expect(strstr(text.bytes, *topic), "%s", *topic);
}

Test(print, helps_with_a_group)
{
    CLEANUP(text_release) struct text text = {0};

    print_help(&text, "retries");
    cr_assert(strncmp(text.bytes, "Retries:\n", 9) == 0);
    EACH_OPTION(entry)
    cr_expect((strstr(text.bytes, entry->help) != NULL) == (entry->group == GROUP_RETRY), "%s", entry->name);
}

Test(print, tells_what_holds_without_an_option)
{
    CLEANUP(text_release) struct text text = {0};

    print_help(&text, NULL);
    cr_assert(strstr(text.bytes, "the most transfers at once (32)\n"));
    text_clear(&text);
    print_manual(&text);
    cr_assert(strstr(text.bytes, "*-j*, *--jobs* _N_\n\tThe most transfers at once. From 1 to 16384. Default: *32*\n"));
}

Test(print, names_itself_and_its_libraries)
{
    CLEANUP(text_release) struct text text = {0};

    print_version(&text);
    cr_assert(strncmp(text.bytes, "haul ", 5) == 0);
    cr_assert(strstr(text.bytes, "libcurl/"));
    cr_assert(strstr(text.bytes, " libuv/"));
}

Test(print, does_what_was_asked_for)
{
    CLEANUP(text_release) struct text text = {0};

    cr_assert_not(print_asked(&(struct options){0}, &text));
    cr_assert_eq(text.length, 0);
    cr_assert(print_asked(&(struct options){.help = true}, &text));
    cr_assert(strncmp(text.bytes, "Usage:", 6) == 0);
    text_clear(&text);
    cr_assert(print_asked(&(struct options){.version = true}, &text));
    cr_assert(strncmp(text.bytes, "haul ", 5) == 0);
    text_clear(&text);
    cr_assert(print_asked(&(struct options){.generate = "man"}, &text));
    cr_assert(strncmp(text.bytes, "## Input\n", 9) == 0);
}

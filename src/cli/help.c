/* --help: what is needed daily, a group of options, or all of them. */
#include "help.h"

#include "nearest.h"
#include "option_table.h"
#include "parser.h"

#include <haul/cli/print.h>

#include <string.h>

#define HELP_COLUMN 32
#define WIDTH       80

static void append_option_help(struct text *text, const struct option_entry *entry)
{
    size_t start = text->length;

    if (entry->letter != '\0')
        text_append_format(text, "  -%c, --%s", entry->letter, entry->name);
    else
        text_append_format(text, "      --%s", entry->name);
    if (entry->argument)
        text_append_format(text, " %s", entry->argument);

    text_append_format(text, "%*s",
                       text->length - start < HELP_COLUMN ? (int)(HELP_COLUMN - (text->length - start)) : 1, "");
    text_append_string(text, entry->help);
    if (entry->initial)
        text_append_format(text, " (%s)", entry->initial);
    text_append_byte(text, '\n');
}

static void append_group(struct text *text, enum option_group group)
{
    text_append_format(text, "%s:\n", option_group_title(group));
    EACH_OPTION(entry)
    if (entry->group == group)
        append_option_help(text, entry);
    text_append_byte(text, '\n');
}

static void append_daily(struct text *text)
{
    EACH_OPTION(entry)
    if (entry->daily)
        append_option_help(text, entry);
    text_append_byte(text, '\n');
}

/* In lines, of which the first has `column` bytes already. */
static void append_topics(struct text *text, size_t column)
{
    for (const char *const *topic = option_topics; *topic; topic++) {
        size_t length = strlen(*topic) + strlen(", ");

        if (column + length > WIDTH) {
            text->bytes[text->length - 1] = '\n';
            column = 0;
        }
        text_append_format(text, "%s%s", *topic, topic[1] ? ", " : "\n");
        column += length;
    }
}

static void append_usage(struct text *text)
{
    text_append_string(text, "Usage: haul [OPTION]... URL...\n"
                             "       haul [OPTION]... -i FILE\n"
                             "Fetches many URLs at once into whole files, and tells what became of each.\n\n");
}

static void append_notes(struct text *text)
{
    text_append_string(text, "TIME is 500ms, 2s, 1m, 1h or a number of seconds; BYTES may end in K, M or G.\n"
                             "In parentheses: what holds when the option is not given.  More: man haul\n");
}

static void print_short(struct text *text)
{
    static const char MORE[] = "More: man haul, and haul --help GROUP, of ";

    append_usage(text);
    append_daily(text);
    text_append_string(text, MORE);
    append_topics(text, strlen(MORE));
}

static void print_all(struct text *text)
{
    append_usage(text);
    for (enum option_group group = 0; group < GROUP_COUNT; group++)
        append_group(text, group);
    append_notes(text);
}

static size_t topic_index(const char *topic)
{
    size_t index = 0;

    while (option_topics[index] && strcmp(option_topics[index], topic) != 0)
        index++;
    return index;
}

static int fail_with_topics(const char *topic, struct error *error)
{
    CLEANUP(text_release) struct text topics = {0};

    for (const char *const *known = option_topics; *known; known++)
        text_append_format(&topics, "%s%s", known == option_topics ? "" : ", ", *known);
    return fail(error, ERROR_USAGE, 0, "unknown group '%.*s'; there are %s", SHOWN_MAXIMUM, topic, topics.bytes);
}

int help_check_topic(const char *topic, struct error *error)
{
    size_t index = topic_index(topic);
    const char *nearest;

    if (option_topics[index])
        return 0;
    nearest = nearest_word(slice_of(topic), option_topics);
    if (!nearest)
        return fail_with_topics(topic, error);
    return fail(error, ERROR_USAGE, 0, "unknown group '%s', did you mean '%s'?", topic, nearest);
}

void print_help(struct text *text, const char *topic)
{
    size_t index = topic ? topic_index(topic) : 0;

    if (!topic) {
        print_short(text);
    } else if (index < GROUP_COUNT) {
        append_group(text, (enum option_group)index);
        if (index == GROUP_CHECK)
            text_append_string(text, "Checks of one URL stand in the list, as JSON: CHECKS in man haul-input.\n\n");
        append_notes(text);
    } else {
        print_all(text);
    }
}

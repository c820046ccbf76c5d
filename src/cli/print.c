#include "generate.h"
#include "option_table.h"

#include <haul/cli/print.h>
#include <haul/co/runtime.h>
#include <haul/http/client.h>

#include <string.h>

#define HELP_COLUMN 32

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

void print_help(struct text *text)
{
    text_append_string(text, "Usage: haul [OPTION]... URL...\n"
                             "       haul [OPTION]... -i FILE\n"
                             "Fetches many URLs at once into whole files, and tells what became of each.\n");
    for (enum option_group group = 0; group < GROUP_COUNT; group++) {
        text_append_format(text, "\n%s:\n", option_group_title(group));
        for (const struct option_entry *entry = option_table; entry->name; entry++)
            if (entry->group == group)
                append_option_help(text, entry);
    }
    text_append_string(text, "\nTIME is 500ms, 2s, 1m, 1h or a number of seconds; BYTES may end in K, M or G.\n"
                             "In parentheses: what holds when the option is not given.  More: man haul\n");
}

void print_version(struct text *text)
{
    text_append_format(text, "haul %s\n%s libuv/%s\n", HAUL_VERSION, http_library_version(), co_library_version());
}

static void append_sentence(struct text *text, const char *phrase)
{
    text_append_format(text, "%c%s.", phrase[0] >= 'a' && phrase[0] <= 'z' ? phrase[0] - 'a' + 'A' : phrase[0],
                       phrase + 1);
}

static void append_names(struct text *text, const struct option_entry *entry)
{
    if (entry->letter != '\0')
        text_append_format(text, "*-%c*, ", entry->letter);
    text_append_format(text, "*--%s*", entry->name);
    if (entry->argument)
        text_append_format(text, " _%s_", entry->argument);
}

static void append_option_manual(struct text *text, const struct option_entry *entry)
{
    append_names(text, entry);
    text_append_string(text, "\n\t");
    append_sentence(text, entry->help);
    if (entry->details)
        text_append_format(text, " %s", entry->details);
    if (option_has_limits(entry)) {
        text_append_string(text, " From ");
        option_append_limits(text, entry);
        text_append_byte(text, '.');
    }
    if (entry->initial)
        text_append_format(text, " Default: *%s*", entry->initial);
    text_append_string(text, "\n\n");
}

void print_manual(struct text *text)
{
    for (enum option_group group = 0; group < GROUP_COUNT; group++) {
        text_append_format(text, "## %s\n\n", option_group_title(group));
        for (const struct option_entry *entry = option_table; entry->name; entry++)
            if (entry->group == group)
                append_option_manual(text, entry);
    }
}

bool print_asked(const struct options *options, struct text *text)
{
    if (options->help)
        print_help(text);
    else if (options->version)
        print_version(text);
    else if (options->generate)
        generate_page(text, options->generate);
    else
        return false;
    return true;
}

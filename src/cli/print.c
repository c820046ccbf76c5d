#include "generate.h"
#include "option_table.h"

#include <haul/cli/print.h>
#include <haul/co/runtime.h>
#include <haul/http/client.h>

#include <string.h>

void print_version(struct text *text)
{
    text_append_format(text, "haul %s\n%s libuv/%s\n", HAUL_VERSION, http_library_version(), co_library_version());
}

/* A phrase is plain text; scdoc takes some characters for marks. */
static void append_sentence(struct text *text, const char *phrase)
{
    text_append_byte(text, phrase[0] >= 'a' && phrase[0] <= 'z' ? (char)(phrase[0] - 'a' + 'A') : phrase[0]);
    while (*++phrase) {
        if (strchr("\\_*", *phrase))
            text_append_byte(text, '\\');
        text_append_byte(text, *phrase);
    }
    text_append_byte(text, '.');
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
        print_help(text, options->help_topic);
    else if (options->version)
        print_version(text);
    else if (options->generate)
        generate_page(text, options->generate);
    else
        return false;
    return true;
}

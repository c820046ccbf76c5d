/* What is printed for shells and for editors, from the option table. */
#include "generate.h"

#include "completion.h"
#include "option_table.h"
#include "settings.h"

#include <haul/cli/print.h>

#include <string.h>

/* Help has no byte that JSON would escape but the quotes. */
static void print_quoted(struct text *text, const char *words)
{
    text_append_byte(text, '"');
    for (; *words != '\0'; words++) {
        if (*words == '"' || *words == '\\')
            text_append_byte(text, '\\');
        text_append_byte(text, *words);
    }
    text_append_byte(text, '"');
}

static void print_enum(struct text *text, const struct option_entry *entry)
{
    text_append_string(text, "\"enum\": [");
    for (const char *const *word = entry->words; *word; word++) {
        text_append_string(text, word == entry->words ? "" : ", ");
        print_quoted(text, *word);
    }
    text_append_byte(text, ']');
}

static void print_type(struct text *text, const struct option_entry *entry)
{
    if (entry->words)
        print_enum(text, entry);
    else if (entry->type == OPTION_COUNT)
        text_append_string(text, "\"type\": [\"boolean\", \"integer\"], \"minimum\": 0");
    else if (setting_is_flag(entry))
        text_append_string(text, "\"type\": \"boolean\"");
    else if (option_is_list(entry))
        text_append_string(text, "\"type\": [\"string\", \"array\"], \"items\": {\"type\": \"string\"}");
    else if (entry->type == OPTION_NUMBER)
        text_append_format(text, "\"type\": [\"integer\", \"string\"], \"minimum\": %lld, \"maximum\": %lld",
                           (long long)entry->minimum, (long long)entry->maximum);
    else if (option_has_limits(entry))
        text_append_string(text, "\"type\": [\"number\", \"string\"], \"minimum\": 0");
    else
        text_append_string(text, "\"type\": \"string\"");
}

static void print_schema(struct text *text)
{
    text_append_string(text, "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                             "  \"title\": \"the configuration of haul\",\n  \"type\": \"object\",\n"
                             "  \"additionalProperties\": false,\n  \"properties\": {\n"
                             "    \"$schema\": {\"type\": \"string\"}");
    EACH_OPTION(entry)
    {
        if (!setting_is_configurable(entry))
            continue;
        text_append_format(text, ",\n    \"%s\": {", entry->name);
        print_type(text, entry);
        text_append_string(text, ", \"description\": ");
        print_quoted(text, entry->help);
        text_append_byte(text, '}');
    }
    text_append_string(text, "\n  }\n}\n");
}

static const struct {
    const char *name;
    void (*print)(struct text *text);
} pages[] = {{"man", print_manual},
             {"bash", completion_print_bash},
             {"zsh", completion_print_zsh},
             {"fish", completion_print_fish},
             {"schema", print_schema}};

#define PAGES (sizeof pages / sizeof pages[0])

const char *problem_of_page(struct arena *arena, const char *argument)
{
    (void)arena;
    for (size_t i = 0; i < PAGES; i++)
        if (strcmp(pages[i].name, argument) == 0)
            return NULL;
    return "'man', 'bash', 'zsh', 'fish' and 'schema' can be generated";
}

void generate_page(struct text *text, const char *name)
{
    for (size_t i = 0; i < PAGES; i++)
        if (strcmp(pages[i].name, name) == 0)
            pages[i].print(text);
}

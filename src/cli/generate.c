/* What is printed for shells and for editors, from the option table. */
#include "generate.h"

#include "option_table.h"
#include "settings.h"

#include <haul/cli/print.h>

#include <string.h>

#define EACH_OPTION(entry) for (const struct option_entry *entry = option_table; entry->name; entry++)

static void print_words(struct text *text, const struct option_entry *entry)
{
    for (const char *const *word = entry->words; *word; word++)
        text_append_format(text, "%s%s", word == entry->words ? "" : " ", *word);
}

static bool takes_file(const struct option_entry *entry)
{
    return entry->argument && (strcmp(entry->argument, "FILE") == 0 || strcmp(entry->argument, "DIR") == 0);
}

/* "-j|--jobs", as a pattern of case. */
static void print_pattern(struct text *text, const struct option_entry *entry)
{
    text_append_string(text, "    ");
    if (entry->letter != '\0')
        text_append_format(text, "-%c|", entry->letter);
    text_append_format(text, "--%s) ", entry->name);
}

static void print_bash_argument(struct text *text, const struct option_entry *entry)
{
    print_pattern(text, entry);
    if (entry->words) {
        text_append_string(text, "COMPREPLY=($(compgen -W '");
        print_words(text, entry);
        text_append_string(text, "' -- \"$word\"))");
    } else if (takes_file(entry)) {
        text_append_format(text, "COMPREPLY=($(compgen -%c -- \"$word\"))",
                           strcmp(entry->argument, "DIR") == 0 ? 'd' : 'f');
    } else {
        text_append_string(text, "COMPREPLY=()");
    }
    text_append_string(text, "; return ;;\n");
}

static void print_bash(struct text *text)
{
    text_append_string(text,
                       "# Completion of haul for bash: source it, or keep it as bash-completion/completions/haul.\n"
                       "_haul() {\n"
                       "    local word=${COMP_WORDS[COMP_CWORD]}\n"
                       "    case ${COMP_WORDS[COMP_CWORD - 1]} in\n");
    EACH_OPTION(entry)
    if (entry->argument)
        print_bash_argument(text, entry);
    text_append_string(text, "    esac\n    [[ $word == -* ]] || return\n    COMPREPLY=($(compgen -W '");
    EACH_OPTION(entry)
    text_append_format(text, "%s--%s", entry == option_table ? "" : " ", entry->name);
    text_append_string(text, "' -- \"$word\"))\n}\ncomplete -o bashdefault -o default -F _haul haul\n");
}

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
} pages[] = {{"man", print_manual}, {"bash", print_bash}, {"schema", print_schema}};

#define PAGES (sizeof pages / sizeof pages[0])

const char *problem_of_page(struct arena *arena, const char *argument)
{
    (void)arena;
    for (size_t i = 0; i < PAGES; i++)
        if (strcmp(pages[i].name, argument) == 0)
            return NULL;
    return "'man', 'bash' and 'schema' can be generated";
}

void generate_page(struct text *text, const char *name)
{
    for (size_t i = 0; i < PAGES; i++)
        if (strcmp(pages[i].name, name) == 0)
            pages[i].print(text);
}

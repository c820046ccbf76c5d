#include "completion.h"

#include "option_table.h"

#include <string.h>

static void print_words(struct text *text, const struct option_entry *entry)
{
    for (const char *const *word = entry->words; *word; word++)
        text_append_format(text, "%s%s", word == entry->words ? "" : " ", *word);
}

static bool takes_file(const struct option_entry *entry)
{
    return entry->argument && (strcmp(entry->argument, "FILE") == 0 || strcmp(entry->argument, "DIR") == 0);
}

/* A '#' may be a comment to a shell, or a pattern. */
static const char *escape_of(const struct option_entry *entry)
{
    return entry->letter == '#' ? "\\" : "";
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

void completion_print_bash(struct text *text)
{
    text_append_string(text,
                       "# Completion of haul for bash: source it, or keep it as bash-completion/completions/haul.\n"
                       "_haul() {\n"
                       "    local word=${COMP_WORDS[COMP_CWORD]}\n"
                       "    case ${COMP_WORDS[COMP_CWORD - 1]} in\n");
    EACH_OPTION(entry)
    if (entry->argument || entry->words)
        print_bash_argument(text, entry);
    text_append_string(text, "    esac\n    [[ $word == -* ]] || return\n    COMPREPLY=($(compgen -W '");
    EACH_OPTION(entry)
    text_append_format(text, "%s--%s", entry == option_table ? "" : " ", entry->name);
    text_append_string(text, "' -- \"$word\"))\n}\ncomplete -o bashdefault -o default -F _haul haul\n");
}

/* `escaped` get a backslash before them. */
static void print_escaped(struct text *text, const char *words, const char *escaped)
{
    for (; *words != '\0'; words++) {
        if (strchr(escaped, *words))
            text_append_byte(text, '\\');
        text_append_byte(text, *words);
    }
}

static void print_fish_letter(struct text *text, const struct option_entry *entry)
{
    if (entry->letter != '\0')
        text_append_format(text, " -s %s%c", escape_of(entry), entry->letter);
}

/* Words that may follow it. */
static void print_fish_words(struct text *text, const struct option_entry *entry)
{
    text_append_string(text, "complete -c haul -n '__fish_contains_opt");
    print_fish_letter(text, entry);
    text_append_format(text, " %s' -f -a '", entry->name);
    print_words(text, entry);
    text_append_string(text, "'\n");
}

static void print_fish_argument(struct text *text, const struct option_entry *entry)
{
    if (!entry->argument)
        return;
    text_append_string(text, takes_file(entry) ? " -r" : " -x");
    if (entry->words) {
        text_append_string(text, " -a '");
        print_words(text, entry);
        text_append_byte(text, '\'');
    } else if (strcmp(entry->argument, "DIR") == 0) {
        text_append_string(text, " -a '(__fish_complete_directories)'");
    } else if (takes_file(entry)) {
        text_append_string(text, " -F");
    }
}

void completion_print_fish(struct text *text)
{
    text_append_string(text, "# Completion of haul for fish: keep it as fish/vendor_completions.d/haul.fish.\n");
    EACH_OPTION(entry)
    {
        text_append_string(text, "complete -c haul");
        print_fish_letter(text, entry);
        text_append_format(text, " -l %s", entry->name);
        print_fish_argument(text, entry);
        text_append_string(text, " -d '");
        print_escaped(text, entry->help, "'\\");
        text_append_string(text, "'\n");
        if (entry->words && !entry->argument)
            print_fish_words(text, entry);
    }
}

/* Of a word in single quotes: one of those ends them, stands behind a backslash, and they begin anew. */
static void print_zsh_words(struct text *text, const char *words)
{
    for (; *words != '\0'; words++) {
        if (*words == '\'')
            text_append_string(text, "'\\'");
        if (strchr("[]:\\", *words))
            text_append_byte(text, '\\');
        text_append_byte(text, *words);
    }
}

static void print_zsh_action(struct text *text, const struct option_entry *entry)
{
    text_append_string(text, entry->argument ? ":" : "::");
    print_zsh_words(text, entry->argument ? entry->argument : " ");
    text_append_byte(text, ':');
    if (entry->words) {
        text_append_byte(text, '(');
        print_words(text, entry);
        text_append_byte(text, ')');
    } else if (strcmp(entry->argument, "DIR") == 0) {
        text_append_string(text, "_files -/");
    } else {
        text_append_string(text, takes_file(entry) ? "_files" : " ");
    }
}

/* "'(-j --jobs)'{-j+,--jobs=}'[the most transfers at once]:N: '"; what may be given again has an asterisk instead of
 * the list of those that exclude it. */
static void print_zsh_option(struct text *text, const struct option_entry *entry)
{
    bool again = option_is_list(entry) || entry->type == OPTION_COUNT;

    text_append_string(text, "    ");
    if (entry->letter == '\0')
        text_append_format(text, "'%s--%s%s", again ? "*" : "", entry->name, entry->argument ? "=" : "");
    else if (again)
        text_append_format(text, "'*'{-%s%c%s,--%s%s}'", escape_of(entry), entry->letter, entry->argument ? "+" : "",
                           entry->name, entry->argument ? "=" : "");
    else
        text_append_format(text, "'(-%c --%s)'{-%s%c%s,--%s%s}'", entry->letter, entry->name, escape_of(entry),
                           entry->letter, entry->argument ? "+" : "", entry->name, entry->argument ? "=" : "");
    text_append_byte(text, '[');
    print_zsh_words(text, entry->help);
    text_append_byte(text, ']');
    if (entry->argument || entry->words)
        print_zsh_action(text, entry);
    text_append_string(text, "' \\\n");
}

void completion_print_zsh(struct text *text)
{
    text_append_string(text, "#compdef haul\n# Completion of haul for zsh: keep it as _haul in a folder of $fpath.\n"
                             "_arguments -s -S \\\n");
    EACH_OPTION(entry)
    print_zsh_option(text, entry);
    text_append_string(text, "    '*:URL:_urls'\n");
}

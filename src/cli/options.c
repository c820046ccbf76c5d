#include "foreign.h"
#include "help.h"
#include "option_table.h"
#include "parser.h"
#include "settings.h"

#include <haul/base/text.h>

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* getopt's codes: an option's letter, or this and the option's place in the table. */
#define LONG_CODE 256

static size_t count_options(void)
{
    size_t count = 0;

    while (option_table[count].name)
        count++;
    return count;
}

static void set_initial(struct parser *parser)
{
    static const char *const NONE[] = {NULL};

    parser->options->input = (struct input_options){.urls = NONE, .files = NONE};
    for (const struct option_entry *entry = option_table; entry->name; entry++)
        if (entry->initial && parser_store(parser, entry, entry->initial) < 0)
            abort();
}

/* The leading '-' has getopt give back what is no option in its turn, the ':' has it tell why it gives up. */
static const char *short_options(struct arena *arena)
{
    CLEANUP(text_release) struct text letters = {0};

    text_append_string(&letters, "-:");
    for (const struct option_entry *entry = option_table; entry->name; entry++) {
        if (entry->letter == '\0')
            continue;
        text_append_byte(&letters, entry->letter);
        if (entry->argument)
            text_append_byte(&letters, ':');
    }
    return arena_copy(arena, text_slice(&letters));
}

static const struct option *long_options(struct arena *arena)
{
    size_t count = count_options();
    struct option *options = arena_allocate(arena, (count + 1) * sizeof(*options));

    for (size_t i = 0; i < count; i++)
        options[i] = (struct option){.name = option_table[i].name,
                                     .has_arg = option_table[i].argument ? required_argument : no_argument,
                                     .val = LONG_CODE + (int)i};
    return options;
}

static const struct option_entry *entry_of(int code)
{
    return code >= LONG_CODE ? &option_table[code - LONG_CODE] : option_find_letter((char)code);
}

static struct slice long_name(const char *word)
{
    struct slice name, value;

    slice_cut(slice_from(slice_of(word), strlen("--")), '=', &name, &value);
    return name;
}

static int refuse_unknown_long(struct parser *parser, const char *word)
{
    struct slice name = long_name(word);
    const struct option_entry *nearest = option_nearest(name);
    const char *hint = foreign_hint(name);
    int shown = name.length < SHOWN_MAXIMUM ? (int)name.length : SHOWN_MAXIMUM;

    if (hint)
        return fail(parser->error, ERROR_USAGE, 0, "unknown option '--%.*s': %s", shown, name.bytes, hint);
    if (!nearest)
        return fail(parser->error, ERROR_USAGE, 0, "unknown option '--%.*s', see 'haul --help'", shown, name.bytes);
    return fail(parser->error, ERROR_USAGE, 0, "unknown option '--%.*s', did you mean '--%s'?", shown, name.bytes,
                nearest->name);
}

/* '-resume', or a letter of another tool. */
static int refuse_letter(struct parser *parser, const char *word, char letter)
{
    const char *hint = foreign_hint((struct slice){&letter, 1});
    const char *end = hint ? arena_format(&parser->options->arena, ": %s", hint) : ", see 'haul --help'";

    if (option_find(slice_of(word + 1)))
        return fail(parser->error, ERROR_USAGE, 0, "unknown option '%s', did you mean '-%s'?", word, word);
    if (word[2] == '\0')
        return fail(parser->error, ERROR_USAGE, 0, "unknown option '-%c'%s", letter, end);
    return fail(parser->error, ERROR_USAGE, 0, "unknown option '-%c' in '%.*s'%s", letter, SHOWN_MAXIMUM, word, end);
}

/* getopt says '?' to what it does not know and to an argument that is one too many: then optopt is the option. */
static int refuse_option(struct parser *parser, const char *word)
{
    if (optopt >= LONG_CODE)
        return fail(parser->error, ERROR_USAGE, 0, "'--%s' takes no argument, as in '%.*s'", entry_of(optopt)->name,
                    SHOWN_MAXIMUM, word);
    if (word[1] == '-')
        return refuse_unknown_long(parser, word);
    return refuse_letter(parser, word, (char)(optopt > ' ' && optopt < '\x7f' ? optopt : '?'));
}

static void note_secret(struct parser *parser, char *bytes, size_t length)
{
    struct options *options = parser->options;

    options->secrets[options->secret_count++] = (struct option_secret){bytes, length};
}

/* The user info in a URL is hidden, and what is hidden has to be kept elsewhere. */
static const char *keep_user_info(struct parser *parser, char *word)
{
    char *scheme_end = strstr(word, "://"), *authority = scheme_end ? scheme_end + strlen("://") : word;
    char *at = memrchr(authority, '@', strcspn(authority, "/?#"));
    const char *kept;

    if (!at)
        return word;
    kept = arena_copy_string(&parser->options->arena, word);
    note_secret(parser, authority, (size_t)(at - authority));
    return kept;
}

static const char *keep_argument(struct parser *parser, const struct option_entry *entry, char *argument)
{
    const char *kept = argument;

    if (entry->secret) {
        kept = arena_copy_string(&parser->options->arena, argument);
        note_secret(parser, argument, strlen(argument));
    } else if (argument && strstr(argument, "://")) {
        kept = keep_user_info(parser, argument);
    }
    return kept;
}

static int take_option(struct parser *parser, int code, const char *word)
{
    const struct option_entry *entry;
    int result;

    if (code == '?')
        return refuse_option(parser, word);
    if (code == ':' && word[1] == '-' && !slice_equal(long_name(word), slice_of(entry_of(optopt)->name)))
        return refuse_unknown_long(parser, word);
    if (code == ':')
        return fail(parser->error, ERROR_USAGE, 0, "'--%s' needs an argument: %s", entry_of(optopt)->name,
                    entry_of(optopt)->argument);

    entry = entry_of(code);
    /* getopt takes the beginning of a name for the name; what is no option today may become one, so we do not. */
    if (code >= LONG_CODE && !slice_equal(long_name(word), slice_of(entry->name)))
        return refuse_unknown_long(parser, word);
    result = parser_store(parser, entry, keep_argument(parser, entry, optarg));
    parser->given[entry - option_table]++;
    parser->told[entry - option_table] = "";
    return result;
}

/* curl's --json has an argument, and ours has none. */
static bool is_json(const char *word)
{
    size_t blanks = word[0] == '{' || word[0] == '[' ? strspn(word + 1, " \t\r\n") : 0;

    return (word[0] == '{' && (word[1 + blanks] == '"' || word[1 + blanks] == '}')) ||
           (word[0] == '[' && (word[1 + blanks] == '{' || word[1 + blanks] == '"'));
}

/* curl's '-C -' has an argument, and ours has none. */
static int take_word(struct parser *parser, char *word, bool follows_continue)
{
    if (follows_continue && strcmp(word, "-") == 0)
        return 0;
    if (follows_continue && word[strspn(word, "0123456789")] == '\0')
        return fail(parser->error, ERROR_USAGE, 0, "'-C %.*s': where to go on is not for you to say, '-C' finds it",
                    SHOWN_MAXIMUM, word);
    if (is_json(word))
        return fail(parser->error, ERROR_USAGE, 0,
                    "an argument that begins with '%.2s' is no URL: JSON that is to be sent goes with '--json-body'",
                    word);
    parser_add_url(parser, keep_user_info(parser, word));
    return 0;
}

static int read_arguments(struct parser *parser, char **argv)
{
    int code, before = 0, result = 0;

    opterr = 0;
    optind = 0; /* begins anew */
    while (result == 0) {
        const char *word = argv[optind > 0 ? optind : 1];

        code = getopt_long(parser->argc, argv, parser->short_options, parser->long_options, NULL);
        if (code == -1)
            break;
        if (code == 1)
            result = take_word(parser, optarg, before == 'C');
        else
            result = take_option(parser, code, word);
        before = code < LONG_CODE ? code : entry_of(code)->letter;
    }
    for (int i = optind; result == 0 && i < parser->argc; i++) /* behind "--" */
        parser_add_url(parser, keep_user_info(parser, argv[i]));
    return result;
}

static void begin_source(struct parser *parser, size_t list_room)
{
    memset(parser->given, 0, count_options() * sizeof(*parser->given));
    parser->list_room = list_room;
    parser->where = NULL;
}

static int apply(struct parser *parser, const struct settings *settings)
{
    int result = 0;

    begin_source(parser, settings->count);
    for (size_t i = 0; i < settings->count && result == 0; i++) {
        const struct setting *setting = &settings->items[i];

        parser->where = setting->where;
        result = setting_is_flag(setting->entry) ? parser_store_flag(parser, setting->entry, setting->value)
                                                 : parser_store(parser, setting->entry, setting->value);
        parser->given[setting->entry - option_table]++;
        parser->told[setting->entry - option_table] = setting->where;
    }
    return result;
}

static int read_configuration(const struct options *options, struct arena *arena, struct settings *settings,
                              struct error *error)
{
    const char *path = options->config ? options->config : config_default_path(arena);

    if (options->no_config || !path)
        return 0;
    return config_read(path, arena, settings, error);
}

static void note_sources(struct parser *parser)
{
    struct options *options = parser->options;
    const char **sources = arena_allocate(&options->arena, (count_options() + 1) * sizeof(*sources));
    size_t count = 0;

    for (size_t i = 0; option_table[i].name; i++)
        if (parser->told[i] && parser->told[i][0] != '\0')
            sources[count++] =
                arena_format(&options->arena, "'--%s' is as %s says", option_table[i].name, parser->told[i]);
    options->sources = sources;
}

static void begin_anew(struct parser *parser)
{
    struct options *options = parser->options;

    *options = (struct options){.arena = options->arena};
    options->secrets = arena_allocate(&options->arena, ((size_t)parser->argc + 1) * sizeof *options->secrets);
    parser->carried_count = 0;
    memset(parser->told, 0, count_options() * sizeof(*parser->told));
    begin_source(parser, (size_t)parser->argc);
    parser->url_count = 0;
    set_initial(parser);
}

/* What was said further away goes first, so that what is nearer replaces it. */
static int read_all(struct parser *parser, char **argv)
{
    struct options *options = parser->options, given = *options;
    struct settings environment = {.count = 0}, file = {.count = 0};
    int result = environment_read(environ, &options->arena, &environment, parser->error);

    begin_anew(parser);
    if (result == 0)
        result = apply(parser, &environment);
    if (result == 0 && !given.config)
        given.config = options->config;
    given.no_config = given.no_config || options->no_config;
    if (result == 0)
        result = read_configuration(&given, &options->arena, &file, parser->error);
    begin_anew(parser);
    if (result == 0)
        result = apply(parser, &file);
    if (result == 0)
        result = apply(parser, &environment);
    begin_source(parser, (size_t)parser->argc);
    if (result == 0)
        result = read_arguments(parser, argv);
    return result;
}

/* 'haul --help time'; whoever asks for help behind a URL is helped with all. */
static int take_help_topic(struct parser *parser)
{
    const char *word = parser->options->input.urls[0];

    if (!word || strpbrk(word, ":/."))
        return 0;
    parser->options->help_topic = word;
    return help_check_topic(word, parser->error);
}

static int parse(struct parser *parser, char **argv)
{
    struct options *options = parser->options;
    int result;

    begin_anew(parser);

    /* Once to know what is asked for and which file counts, then in turn with that. */
    result = read_arguments(parser, argv);
    if (result == 0 && options->help)
        result = take_help_topic(parser);
    if (result < 0 || options->help || options->version || options->generate)
        return result;
    result = read_all(parser, argv);
    if (result < 0)
        return result;
    note_sources(parser);
    return parser_complete(parser);
}

int options_parse(int argc, char **argv, struct options *options, struct error *error)
{
    struct parser parser = {.argc = argc, .options = options, .error = error};
    int result;

    *options = (struct options){0};
    parser.given = arena_allocate(&options->arena, count_options() * sizeof(*parser.given));
    parser.told = arena_allocate(&options->arena, count_options() * sizeof(*parser.told));
    parser.long_options = long_options(&options->arena);
    parser.short_options = short_options(&options->arena);
    result = parse(&parser, argv);
    free(parser.carried);
    return result;
}

void options_hide_secrets(struct options *options)
{
    for (size_t i = 0; i < options->secret_count; i++)
        memset(options->secrets[i].bytes, '*', options->secrets[i].length);
}

void options_release(struct options *options)
{
    text_release(&options->content_bytes);
    arena_release(&options->arena);
}

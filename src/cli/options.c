#include "option_table.h"
#include "problem.h"
#include "request.h"
#include "settings.h"
#include "value.h"

#include <haul/base/memory.h>
#include <haul/base/text.h>

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAXIMUM 200 /* bytes of an argument in a sentence */

/* getopt's codes: an option's letter, or this and the option's place in the table. */
#define LONG_CODE 256

struct parser {
    int argc;
    struct options *options;
    struct error *error;
    size_t url_count;
    const char *where;       /* what is read now: of struct setting, NULL for the command line */
    size_t list_room;        /* the most that a list can get from what is read now */
    struct setting *carried; /* of all sources, in their order: OPTION_CARRIED */
    size_t carried_count, carried_room;
    size_t *given;     /* for each entry of the table: how often, in what is read now */
    const char **told; /* for each entry: where it was said last; "" on the command line, NULL nowhere */
    const struct option *long_options;
    const char *short_options;
};

static size_t count_options(void)
{
    size_t count = 0;

    while (option_table[count].name)
        count++;
    return count;
}

static int refuse(struct parser *parser, const struct option_entry *entry, const char *argument, const char *problem)
{
    if (parser->where)
        return fail(parser->error, ERROR_USAGE, 0, "invalid argument '%.*s' for %s: %s", SHOWN_MAXIMUM, argument,
                    parser->where, problem);
    return fail(parser->error, ERROR_USAGE, 0, "invalid argument '%.*s' for '--%s': %s", SHOWN_MAXIMUM, argument,
                entry->name, problem);
}

static int refuse_value(struct parser *parser, const struct option_entry *entry, const char *argument, const char *what)
{
    CLEANUP(text_release) struct text problem = {0};

    text_append_format(&problem, "it must be %s, from ", what);
    option_append_limits(&problem, entry);
    return refuse(parser, entry, argument, problem.bytes);
}

/* Every list has room for all there can be, and the NULL. */
static void append(struct parser *parser, const char *const **list, size_t count, const char *argument)
{
    const char **items = (const char **)*list;

    if (count == 0)
        *list = items = arena_allocate(&parser->options->arena, (parser->list_room + 1) * sizeof(*items));
    items[count] = argument;
}

static void append_url(struct parser *parser, const char *url)
{
    append(parser, &parser->options->input.urls, parser->url_count++, url);
}

static bool within_limits(const struct option_entry *entry, int64_t value)
{
    return value >= entry->minimum && value <= entry->maximum;
}

static int store_number(struct parser *parser, const struct option_entry *entry, unsigned *place, const char *argument)
{
    unsigned long long number;

    if (!slice_to_unsigned(slice_of(argument), (unsigned long long)entry->maximum, &number) ||
        !within_limits(entry, (int64_t)number))
        return refuse_value(parser, entry, argument, "a number");
    *place = (unsigned)number;
    return 0;
}

static int store_duration(struct parser *parser, const struct option_entry *entry, int64_t *place, const char *argument)
{
    int64_t duration;

    if (!value_parse_duration(slice_of(argument), &duration) || !within_limits(entry, duration))
        return refuse_value(parser, entry, argument, "a time such as 500ms, 2s, 1m or 1.5 (seconds)");
    *place = duration;
    return 0;
}

static int store_size(struct parser *parser, const struct option_entry *entry, long *place, const char *argument)
{
    int64_t size;

    if (!value_parse_size(slice_of(argument), &size) || !within_limits(entry, size))
        return refuse_value(parser, entry, argument, "a number of bytes such as 100, 64K or 1M");
    *place = (long)size;
    return 0;
}

static int refuse_word(struct parser *parser, const struct option_entry *entry, const char *argument)
{
    CLEANUP(text_release) struct text problem = {0};

    text_append_string(&problem, "it must be one of");
    for (const char *const *word = entry->words; *word; word++)
        text_append_format(&problem, "%s %s", word == entry->words ? "" : ",", *word);
    return refuse(parser, entry, argument, problem.bytes);
}

static int store_word(struct parser *parser, const struct option_entry *entry, unsigned *place, const char *argument)
{
    for (unsigned i = 0; entry->words[i]; i++) {
        if (strcmp(entry->words[i], argument) != 0)
            continue;
        *place = i;
        return 0;
    }
    return refuse_word(parser, entry, argument);
}

static int judge(struct parser *parser, const struct option_entry *entry, const char *argument, const char *problem)
{
    if (!problem)
        return 0;
    if (entry->secret && parser->where)
        return fail(parser->error, ERROR_USAGE, 0, "invalid argument for %s: %s", parser->where, problem);
    if (entry->secret)
        return fail(parser->error, ERROR_USAGE, 0, "invalid argument for '--%s': %s", entry->name, problem);
    return refuse(parser, entry, argument, problem);
}

/* Files are read only when it is known what counts, and once. */
static void carry(struct parser *parser, const struct option_entry *entry, const char *argument)
{
    size_t count = 0;

    for (size_t i = 0; i < parser->carried_count; i++)
        if (parser->given[entry - option_table] > 0 || parser->carried[i].entry != entry)
            parser->carried[count++] = parser->carried[i];
    if (count == parser->carried_room) {
        parser->carried_room = 2 * count + 8;
        parser->carried = memory_resize(parser->carried, parser->carried_room * sizeof *parser->carried);
    }
    parser->carried[count] = (struct setting){.entry = entry, .value = argument, .where = parser->where};
    parser->carried_count = count + 1;
}

static int complete_carried(struct parser *parser)
{
    int result = 0;

    for (size_t i = 0; i < parser->carried_count && result == 0; i++) {
        const struct setting *carried = &parser->carried[i];

        parser->where = carried->where;
        result = judge(parser, carried->entry, carried->value, carried->entry->carry(parser->options, carried->value));
    }
    return result;
}

static int store(struct parser *parser, const struct option_entry *entry, const char *argument)
{
    void *place = (char *)parser->options + entry->offset;
    size_t given = parser->given[entry - option_table];
    const char *problem = entry->problem ? entry->problem(&parser->options->arena, argument) : NULL;

    if (problem)
        return judge(parser, entry, argument, problem);
    switch (entry->type) {
    case OPTION_IGNORED:
        return 0;
    case OPTION_SET:
        *(bool *)place = true;
        return 0;
    case OPTION_CLEAR:
        *(bool *)place = false;
        return 0;
    case OPTION_COUNT:
        ++*(unsigned *)place;
        return 0;
    case OPTION_CHOICE:
        *(unsigned *)place = entry->choice;
        return 0;
    case OPTION_ONCE:
        if (given > 0)
            return refuse(parser, entry, argument, "it was given before, and one holds for all URLs");
        *(const char **)place = argument;
        return 0;
    case OPTION_STRING:
        *(const char **)place = argument;
        return 0;
    case OPTION_WORD:
        return store_word(parser, entry, place, argument);
    case OPTION_LIST:
        append(parser, place, given, argument);
        return 0;
    case OPTION_NUMBER:
        return store_number(parser, entry, place, argument);
    case OPTION_DURATION:
        return store_duration(parser, entry, place, argument);
    case OPTION_CARRIED:
        carry(parser, entry, argument);
        return 0;
    case OPTION_SIZE:
        return store_size(parser, entry, place, argument);
    case OPTION_PARSED:
        problem = entry->parse(argument, place);
        return problem ? refuse(parser, entry, argument, problem) : 0;
    }
    abort();
}

static void set_initial(struct parser *parser)
{
    static const char *const NONE[] = {NULL};

    parser->options->input = (struct input_options){.urls = NONE, .files = NONE};
    for (const struct option_entry *entry = option_table; entry->name; entry++)
        if (entry->initial && store(parser, entry, entry->initial) < 0)
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
    int shown = name.length < SHOWN_MAXIMUM ? (int)name.length : SHOWN_MAXIMUM;

    if (!nearest)
        return fail(parser->error, ERROR_USAGE, 0, "unknown option '--%.*s', see 'haul --help'", shown, name.bytes);
    return fail(parser->error, ERROR_USAGE, 0, "unknown option '--%.*s', did you mean '--%s'?", shown, name.bytes,
                nearest->name);
}

/* getopt says '?' to what it does not know and to an argument that is one too many: then optopt is the option. */
static int refuse_option(struct parser *parser, const char *word)
{
    if (optopt >= LONG_CODE)
        return fail(parser->error, ERROR_USAGE, 0, "'--%s' takes no argument, as in '%.*s'", entry_of(optopt)->name,
                    SHOWN_MAXIMUM, word);
    if (word[1] == '-')
        return refuse_unknown_long(parser, word);
    if (word[2] == '\0')
        return fail(parser->error, ERROR_USAGE, 0, "unknown option '%s', see 'haul --help'", word);
    return fail(parser->error, ERROR_USAGE, 0, "unknown option '-%c' in '%.*s', see 'haul --help'",
                optopt > ' ' && optopt < '\x7f' ? optopt : '?', SHOWN_MAXIMUM, word);
}

static int take_option(struct parser *parser, int code, const char *word)
{
    const struct option_entry *entry;
    int result;

    if (code == '?')
        return refuse_option(parser, word);
    if (code == ':')
        return fail(parser->error, ERROR_USAGE, 0, "'--%s' needs an argument: %s", entry_of(optopt)->name,
                    entry_of(optopt)->argument);

    entry = entry_of(code);
    /* getopt takes the beginning of a name for the name; what is no option today may become one, so we do not. */
    if (code >= LONG_CODE && !slice_equal(long_name(word), slice_of(entry->name)))
        return refuse_unknown_long(parser, word);
    result = store(parser, entry, optarg);
    if (entry->secret)
        parser->options->secrets[parser->options->secret_count++] = optarg;
    parser->given[entry - option_table]++;
    parser->told[entry - option_table] = "";
    return result;
}

static int read_arguments(struct parser *parser, char **argv)
{
    int code, result = 0;

    opterr = 0;
    optind = 0; /* begins anew */
    while (result == 0) {
        const char *word = argv[optind > 0 ? optind : 1];

        code = getopt_long(parser->argc, argv, parser->short_options, parser->long_options, NULL);
        if (code == -1)
            break;
        if (code == 1)
            append_url(parser, optarg);
        else
            result = take_option(parser, code, word);
    }
    for (int i = optind; result == 0 && i < parser->argc; i++) /* behind "--" */
        append_url(parser, argv[i]);
    return result;
}

static bool has_parent(struct slice folder)
{
    struct slice component;

    while (folder.length > 0) {
        slice_cut(folder, '/', &component, &folder);
        if (slice_equal(component, SLICE("..")))
            return true;
    }
    return false;
}

/* As in curl, -o may lead anywhere.  A template may not leave the output folder, so the folders that it begins with
 * become the output folder when it would. */
static void move_folder_out_of_template(struct options *options)
{
    const char *template = options->batch.template;
    struct slice literal = {template, strcspn(template, "{}")}, folder, name;

    if (!slice_cut_last(literal, '/', &folder, &name) || (template[0] != '/' && !has_parent(folder)))
        return;
    options->batch.template = template + folder.length + 1;
    options->output_dir = folder.length > 0 ? arena_copy(&options->arena, folder) : "/";
}

static int complete_output(struct parser *parser)
{
    struct options *options = parser->options;
    const struct option_entry *entry = option_find(SLICE("output"));
    const char *given = options->batch.template, *problem;

    if (!given)
        return 0;
    if (options->batch.mode == BATCH_CHECK)
        return fail(parser->error, ERROR_USAGE, 0, "'--output %.*s' saves and '--check' does not", SHOWN_MAXIMUM,
                    given);
    if (strcmp(given, "-") == 0) {
        options->batch.mode = BATCH_STDOUT;
        options->batch.template = NULL;
        return 0;
    }
    if (!parser->told[option_find(SLICE("output-dir")) - option_table])
        move_folder_out_of_template(options);
    problem = problem_of_template(&options->arena, options->batch.template);
    return problem ? refuse(parser, entry, given, problem) : 0;
}

static bool has_lists(const struct input_options *input)
{
    return input->files[0] || input->retry_failed;
}

static int check_stdout(const struct parser *parser)
{
    const struct options *options = parser->options;

    if (options->batch.mode != BATCH_STDOUT)
        return 0;
    if (options->report.json)
        return fail(parser->error, ERROR_USAGE, 0, "'-o -' and '--json' both want standard output");
    if (parser->url_count != 1 || has_lists(&options->input))
        return fail(parser->error, ERROR_USAGE, 0,
                    "'-o -' takes one URL and no '-i': bodies would run into one another");
    return 0;
}

static int check_input(const struct parser *parser)
{
    const struct input_options *input = &parser->options->input;
    unsigned standard_inputs = 0;

    if (parser->url_count == 0 && !has_lists(input))
        return fail(parser->error, ERROR_USAGE, 0, "nothing to fetch: give URLs or -i FILE");
    for (const char *const *file = input->files; *file; file++)
        standard_inputs += strcmp(*file, "-") == 0;
    if (input->format == INPUT_SUMS && !input->base_url)
        return fail(parser->error, ERROR_USAGE, 0, "'--input-format sums' needs a '--base-url'");
    if (standard_inputs > 1)
        return fail(parser->error, ERROR_USAGE, 0, "'-i -' is given twice: standard input can be read once");
    return 0;
}

static int check_checksum(const struct parser *parser)
{
    const struct input_options *input = &parser->options->input;

    if (input->checksum && (parser->url_count != 1 || has_lists(input)))
        return fail(parser->error, ERROR_USAGE, 0, "'--checksum' takes one URL and no '-i': it is that of one body");
    return 0;
}

static int check_mode(const struct parser *parser)
{
    const struct batch_options *batch = &parser->options->batch;

    if (batch->mode != BATCH_CHECK && batch->method && strcmp(batch->method, "HEAD") == 0)
        return fail(parser->error, ERROR_USAGE, 0, "'-X HEAD' brings no body to save: add '--check'");
    return 0;
}

static int check_request(const struct parser *parser)
{
    const struct options *options = parser->options;

    if (options->has_content && options->batch.method && strcmp(options->batch.method, "HEAD") == 0)
        return fail(parser->error, ERROR_USAGE, 0, "'-X HEAD' asks with no content: leave out '--data'");
    if (options->http.tls_minimum > options->http.tls_maximum)
        return fail(parser->error, ERROR_USAGE, 0, "'--tlsv1.3' and '--tls-max 1.2' leave no version");
    if (options->http.key && !options->http.certificate)
        return fail(parser->error, ERROR_USAGE, 0, "'--key' needs the certificate that it belongs to, '--cert'");
    return 0;
}

static void complete_settings(struct options *options)
{
    request_complete(options);
    options->http.concurrency = options->batch.jobs;
    options->batch.parts_kept = BATCH_PARTS_KEPT;
    options->report.version = HAUL_VERSION;
    options->report.jobs = options->batch.jobs;
    options->report.jobs_per_host = options->batch.jobs_per_host;
    options->report.quiet = options->report.quiet && !options->show_errors;
}

static int complete(struct parser *parser)
{
    int result = check_input(parser);

    if (result == 0)
        result = complete_output(parser);
    if (result == 0)
        result = check_stdout(parser);
    if (result == 0)
        result = check_checksum(parser);
    if (result == 0)
        result = check_mode(parser);
    if (result == 0)
        result = complete_carried(parser);
    if (result == 0)
        result = check_request(parser);
    complete_settings(parser->options);
    return result;
}

static void clear_flag(const struct option_entry *entry, void *place)
{
    switch (entry->type) {
    case OPTION_SET:
        *(bool *)place = false;
        break;
    case OPTION_CLEAR:
        *(bool *)place = true;
        break;
    case OPTION_COUNT:
        *(unsigned *)place = 0;
        break;
    default: /* a choice that is not taken, or what is so anyway */
        break;
    }
}

static int store_flag(struct parser *parser, const struct option_entry *entry, const char *value)
{
    void *place = (char *)parser->options + entry->offset;
    unsigned long long number;

    if (strcmp(value, "true") == 0)
        value = "1";
    else if (strcmp(value, "false") == 0 || value[0] == '\0')
        value = "0";
    if (!slice_to_unsigned(slice_of(value), entry->type == OPTION_COUNT ? UINT16_MAX : 1, &number))
        return refuse(parser, entry, value, "it must be true or false, or 1 or 0");
    if (number == 0)
        clear_flag(entry, place);
    else if (entry->type == OPTION_COUNT)
        *(unsigned *)place = (unsigned)number;
    else
        return store(parser, entry, NULL);
    return 0;
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
        result = setting_is_flag(setting->entry) ? store_flag(parser, setting->entry, setting->value)
                                                 : store(parser, setting->entry, setting->value);
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

static int parse(struct parser *parser, char **argv)
{
    struct options *options = parser->options;
    int result;

    begin_anew(parser);

    /* Once to know what is asked for and which file counts, then in turn with that. */
    result = read_arguments(parser, argv);
    if (result < 0 || options->help || options->version || options->generate)
        return result;
    result = read_all(parser, argv);
    if (result < 0)
        return result;
    note_sources(parser);
    return complete(parser);
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
        memset(options->secrets[i], '*', strlen(options->secrets[i]));
}

void options_release(struct options *options)
{
    text_release(&options->content_bytes);
    arena_release(&options->arena);
}

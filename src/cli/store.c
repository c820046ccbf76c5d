#include "parser.h"
#include "value.h"

#include <haul/base/memory.h>
#include <haul/base/text.h>

#include <stdlib.h>
#include <string.h>

int parser_refuse(struct parser *parser, const struct option_entry *entry, const char *argument, const char *problem)
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
    return parser_refuse(parser, entry, argument, problem.bytes);
}

/* Every list has room for all there can be, and the NULL. */
static void append(struct parser *parser, const char *const **list, size_t count, const char *argument)
{
    const char **items = (const char **)*list;

    if (count == 0)
        *list = items = arena_allocate(&parser->options->arena, (parser->list_room + 1) * sizeof(*items));
    items[count] = argument;
}

void parser_add_url(struct parser *parser, const char *url)
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
    return parser_refuse(parser, entry, argument, problem.bytes);
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
    return parser_refuse(parser, entry, argument, problem);
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

int parser_store_carried(struct parser *parser)
{
    int result = 0;

    for (size_t i = 0; i < parser->carried_count && result == 0; i++) {
        const struct setting *carried = &parser->carried[i];

        parser->where = carried->where;
        result = judge(parser, carried->entry, carried->value, carried->entry->carry(parser->options, carried->value));
    }
    return result;
}

int parser_store(struct parser *parser, const struct option_entry *entry, const char *argument)
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
            return parser_refuse(parser, entry, argument, "it was given before, and one holds for all URLs");
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
        return problem ? parser_refuse(parser, entry, argument, problem) : 0;
    }
    abort();
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

int parser_store_flag(struct parser *parser, const struct option_entry *entry, const char *value)
{
    void *place = (char *)parser->options + entry->offset;
    unsigned long long number;

    if (strcmp(value, "true") == 0)
        value = "1";
    else if (strcmp(value, "false") == 0 || value[0] == '\0')
        value = "0";
    if (!slice_to_unsigned(slice_of(value), entry->type == OPTION_COUNT ? UINT16_MAX : 1, &number))
        return parser_refuse(parser, entry, value, "it must be true or false, or 1 or 0");
    if (number == 0)
        clear_flag(entry, place);
    else if (entry->type == OPTION_COUNT)
        *(unsigned *)place = (unsigned)number;
    else
        return parser_store(parser, entry, NULL);
    return 0;
}

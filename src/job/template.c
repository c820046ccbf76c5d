/* Names by a template of the user's. */
#include "safe.h"

#include <haul/job/naming.h>

#include <inttypes.h>

static void append_name(struct text *text, const struct naming_fields *fields)
{
    safe_append(text, fields->name);
}

static void append_extension(struct text *text, const struct naming_fields *fields)
{
    struct slice extension = safe_extension(fields->name);

    if (extension.length == 0)
        return;
    text_append_byte(text, '.');
    safe_append(text, slice_from(extension, 1));
}

static void append_host(struct text *text, const struct naming_fields *fields)
{
    size_t start = text->length;

    safe_append(text, fields->host);
    for (size_t i = start; i < text->length; i++)
        if (text->bytes[i] == ':')
            text->bytes[i] = SAFE_REPLACEMENT;
}

static void append_path_component(struct text *text, struct slice component, bool is_last)
{
    CLEANUP(text_release) struct text decoded = {0};

    safe_append_percent_decoded(&decoded, component);
    if (decoded.length > 0)
        safe_append(text, text_slice(&decoded));
    else if (is_last)
        text_append(text, SAFE_FOLDER_NAME);
    else
        text_append_byte(text, SAFE_REPLACEMENT);
}

static void append_path(struct text *text, const struct naming_fields *fields)
{
    struct slice rest = fields->path, component;
    bool more = true;

    if (slice_starts_with(rest, SLICE("/")))
        rest = slice_from(rest, 1);
    while (more) {
        more = slice_cut(rest, '/', &component, &rest);
        append_path_component(text, component, !more);
        if (more)
            text_append_byte(text, '/');
    }
}

static void append_index(struct text *text, const struct naming_fields *fields)
{
    text_append_format(text, "%" PRIu64, fields->index);
}

static void append_tag(struct text *text, const struct naming_fields *fields)
{
    safe_append(text, fields->tag);
}

struct field {
    const char *name;
    void (*append)(struct text *text, const struct naming_fields *fields);
};

static const struct field known_fields[] = {
    {"name", append_name}, {"ext", append_extension}, {"host", append_host},
    {"path", append_path}, {"index", append_index},   {"tag", append_tag},
};

#define FIELD_COUNT (sizeof known_fields / sizeof *known_fields)

static const struct field *find_field(struct slice name)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (slice_equal(name, slice_of(known_fields[i].name)))
            return &known_fields[i];
    return NULL;
}

static const char *refuse_field(struct arena *arena, struct slice name)
{
    CLEANUP(text_release) struct text known = {0};

    for (size_t i = 0; i < FIELD_COUNT; i++)
        text_append_format(&known, "%s{%s}", i == 0 ? "" : i + 1 < FIELD_COUNT ? ", " : " and ", known_fields[i].name);
    return arena_format(arena, "the template has an unknown field '{" SLICE_FORMAT "}'; there are " SLICE_FORMAT,
                        SLICE_ARGUMENT(name), SLICE_ARGUMENT(text_slice(&known)));
}

struct piece {
    enum { PIECE_LITERAL, PIECE_FIELD, PIECE_MATCH, PIECE_LONE_BRACE } kind;
    struct slice text;
};

static bool starts_with_match(struct slice template)
{
    return template.length > 1 && template.bytes[0] == '#' && template.bytes[1] >= '0' && template.bytes[1] <= '9';
}

static struct piece take_match(struct slice *template)
{
    struct piece piece = {.kind = PIECE_MATCH, .text = {template->bytes, 1}};

    while (piece.text.length < template->length && template->bytes[piece.text.length] >= '0' &&
           template->bytes[piece.text.length] <= '9')
        piece.text.length++;
    *template = slice_from(*template, piece.text.length);
    return piece;
}

/* Takes the first piece off what is left of a template, which must not be empty. */
static struct piece take_piece(struct slice *template)
{
    struct slice whole = *template;
    struct piece piece = {.kind = PIECE_LITERAL, .text = {whole.bytes, 0}};

    if (starts_with_match(whole))
        return take_match(template);
    while (piece.text.length < whole.length && !slice_contains_byte(SLICE("{}"), whole.bytes[piece.text.length]) &&
           !starts_with_match(slice_from(whole, piece.text.length)))
        piece.text.length++;
    if (piece.text.length > 0) {
        *template = slice_from(whole, piece.text.length);
    } else if (slice_starts_with(whole, SLICE("{{")) || slice_starts_with(whole, SLICE("}}"))) {
        piece.text.length = 1;
        *template = slice_from(whole, 2);
    } else if (whole.bytes[0] == '{' && slice_cut(slice_from(whole, 1), '}', &piece.text, template)) {
        piece.kind = PIECE_FIELD;
    } else {
        piece = (struct piece){PIECE_LONE_BRACE, {whole.bytes, 1}};
        *template = slice_from(whole, 1);
    }
    return piece;
}

const char *naming_template_problem(struct arena *arena, struct slice template)
{
    const char *problem = naming_problem(template);

    while (!problem && template.length > 0) {
        struct piece piece = take_piece(&template);

        if (piece.kind == PIECE_LONE_BRACE)
            problem = arena_format(arena, "the template has a single '" SLICE_FORMAT "' in it; write it twice",
                                   SLICE_ARGUMENT(piece.text));
        else if (piece.kind == PIECE_FIELD && !find_field(piece.text))
            problem = refuse_field(arena, piece.text);
    }
    return problem;
}

/* False: there are not so many. */
static bool find_match(struct slice matches, struct slice digits, struct slice *ret_match)
{
    struct slice rest = slice_from(matches, 1);
    bool more = matches.length > 0;
    unsigned long long number;

    if (!slice_to_unsigned(digits, UINT16_MAX, &number) || number == 0)
        return false;
    for (; more && number > 0; number--)
        more = slice_cut(rest, '\n', ret_match, &rest);
    return number == 0;
}

/* As in curl, a number that there is no glob for stays as it is. */
static void append_match(struct text *text, struct slice piece, const struct naming_fields *fields)
{
    struct slice match;

    if (find_match(fields->matches, slice_from(piece, 1), &match))
        safe_append(text, match);
    else
        text_append(text, piece);
}

static void fill(struct text *text, struct slice template, const struct naming_fields *fields)
{
    while (template.length > 0) {
        struct piece piece = take_piece(&template);
        const struct field *field = piece.kind == PIECE_FIELD ? find_field(piece.text) : NULL;

        if (field)
            field->append(text, fields);
        else if (piece.kind == PIECE_MATCH)
            append_match(text, piece.text, fields);
        else
            text_append(text, piece.text);
    }
}

static void append_tidy_component(struct text *text, struct slice component)
{
    if (component.length == 0)
        return;
    if (text->length > 0)
        text_append_byte(text, '/');
    if (slice_equal(component, SLICE(".")) || slice_equal(component, SLICE("..")))
        text_append_byte(text, SAFE_REPLACEMENT);
    else
        safe_append_shortened(text, component);
}

const char *naming_from_template(struct arena *arena, struct slice template, const struct naming_fields *fields)
{
    CLEANUP(text_release) struct text filled = {0}, tidy = {0};
    struct slice component, rest;

    fill(&filled, template, fields);
    for (rest = text_slice(&filled); rest.length > 0;) {
        slice_cut(rest, '/', &component, &rest);
        append_tidy_component(&tidy, component);
    }
    if (tidy.length == 0)
        text_append_byte(&tidy, SAFE_REPLACEMENT);
    return arena_copy(arena, text_slice(&tidy));
}

#include "hexadecimal.h"

#include <haul/base/text.h>
#include <haul/base/utf8.h>
#include <haul/job/naming.h>

#include <inttypes.h>

#define REPLACEMENT       '_'
#define FOLDER_NAME       SLICE("index.html")
#define EXTENSION_MAXIMUM 16

static bool is_unsafe(uint32_t code_point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        /* controls, and what separates paths somewhere */
        {0, 0x1f},
        {'/', '/'},
        {'\\', '\\'},
        {0x7f, 0x9f},
        /* marks that turn the direction of text, separators of lines, the byte order mark */
        {0x61c, 0x61c},
        {0x200e, 0x200f},
        {0x2028, 0x202e},
        {0x2066, 0x2069},
        {0xfeff, 0xfeff},
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
        if (code_point >= ranges[i].first && code_point <= ranges[i].last)
            return true;
    return false;
}

/* With its dot; empty when the name has none. */
static struct slice extension_of(struct slice name)
{
    struct slice stem, extension;

    if (!slice_cut_last(name, '.', &stem, &extension) || stem.length == 0 || extension.length == 0)
        return (struct slice){0};
    return slice_from(name, stem.length);
}

static void append_shortened(struct text *text, struct slice name)
{
    struct slice extension = extension_of(name);

    if (name.length <= NAMING_MAXIMUM) {
        text_append(text, name);
        return;
    }
    if (extension.length > EXTENSION_MAXIMUM)
        extension = (struct slice){0};
    text_append(text, utf8_cut(name, NAMING_MAXIMUM - extension.length));
    text_append(text, extension);
}

static void replace_unsafe(struct text *text, struct slice name)
{
    while (name.length > 0) {
        uint32_t code_point = 0;
        size_t length = utf8_decode(name, &code_point);

        if (length == 0 || is_unsafe(code_point))
            text_append_byte(text, REPLACEMENT);
        else
            text_append(text, (struct slice){name.bytes, length});
        name = slice_from(name, length ? length : 1);
    }
}

static void append_safe(struct text *text, struct slice name)
{
    CLEANUP(text_release) struct text safe = {0};

    replace_unsafe(&safe, name);
    if (safe.length > 0 && (safe.bytes[0] == '.' || safe.bytes[0] == '-'))
        safe.bytes[0] = REPLACEMENT;
    append_shortened(text, text_slice(&safe));
}

static const char *safe_name(struct arena *arena, struct slice name)
{
    CLEANUP(text_release) struct text safe = {0};

    append_safe(&safe, name);
    return arena_copy(arena, text_slice(&safe));
}

static bool starts_with_escape(struct slice slice)
{
    return slice.length >= 3 && slice.bytes[0] == '%' && hexadecimal_digit(slice.bytes[1]) >= 0 &&
           hexadecimal_digit(slice.bytes[2]) >= 0;
}

/* A '%' that starts no escape stays. */
static void append_percent_decoded(struct text *text, struct slice encoded)
{
    while (encoded.length > 0) {
        if (starts_with_escape(encoded)) {
            text_append_byte(text,
                             (char)(hexadecimal_digit(encoded.bytes[1]) << 4 | hexadecimal_digit(encoded.bytes[2])));
            encoded = slice_from(encoded, 3);
        } else {
            text_append_byte(text, encoded.bytes[0]);
            encoded = slice_from(encoded, 1);
        }
    }
}

const char *naming_from_url_path(struct arena *arena, struct slice path)
{
    CLEANUP(text_release) struct text decoded = {0};
    struct slice folder, segment;

    slice_cut_last(path, '/', &folder, &segment);
    append_percent_decoded(&decoded, segment);
    return safe_name(arena, decoded.length > 0 ? text_slice(&decoded) : FOLDER_NAME);
}

/* "C:name" lies in another place where drives have letters. */
static struct slice without_drive(struct slice name)
{
    bool has_drive =
        name.length >= 2 && name.bytes[1] == ':' && (name.bytes[0] | 0x20) >= 'a' && (name.bytes[0] | 0x20) <= 'z';

    return has_drive ? slice_from(name, 2) : name;
}

/* Names that are devices where the file may be copied to, with any extension. */
static bool is_reserved(struct slice name)
{
    static const struct slice devices[] = {SLICE("CON"), SLICE("PRN"), SLICE("AUX"), SLICE("NUL")};
    struct slice stem, rest;

    slice_cut(name, '.', &stem, &rest);
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        if (slice_equal_ignoring_case(stem, devices[i]))
            return true;
    if (stem.length != 4 || stem.bytes[3] < '0' || stem.bytes[3] > '9')
        return false;
    stem.length = 3;
    return slice_equal_ignoring_case(stem, SLICE("COM")) || slice_equal_ignoring_case(stem, SLICE("LPT"));
}

const char *naming_from_server(struct arena *arena, struct slice suggestion)
{
    CLEANUP(text_release) struct text name = {0};
    struct slice folder, last;

    slice_cut_last(suggestion, '/', &folder, &last);
    slice_cut_last(last, '\\', &folder, &last);
    last = slice_trim(without_drive(last));
    if (last.length == 0)
        return NULL;
    if (is_reserved(last))
        text_append_byte(&name, REPLACEMENT);
    text_append(&name, last);
    return safe_name(arena, text_slice(&name));
}

const char *naming_problem(struct slice name)
{
    struct slice component, rest = name;
    bool more = true;

    if (slice_starts_with(name, SLICE("/")))
        return "the name is absolute";
    if (slice_has_control_character(name))
        return "the name has a control character in it";
    while (more) {
        more = slice_cut(rest, '/', &component, &rest);
        if (component.length == 0)
            return name.length > 0 ? "the name has an empty component" : "the name is empty";
        if (component.length > NAMING_USER_MAXIMUM)
            return "the name has a component that is too long";
        if (slice_equal(component, SLICE("..")))
            return "the name has '..' in it";
    }
    return slice_equal(component, SLICE(".")) ? "the name is that of a folder" : NULL;
}

static void append_name(struct text *text, const struct naming_fields *fields)
{
    append_safe(text, fields->name);
}

static void append_extension(struct text *text, const struct naming_fields *fields)
{
    struct slice extension = extension_of(fields->name);

    if (extension.length == 0)
        return;
    text_append_byte(text, '.');
    append_safe(text, slice_from(extension, 1));
}

static void append_host(struct text *text, const struct naming_fields *fields)
{
    size_t start = text->length;

    append_safe(text, fields->host);
    for (size_t i = start; i < text->length; i++)
        if (text->bytes[i] == ':')
            text->bytes[i] = REPLACEMENT;
}

static void append_path_component(struct text *text, struct slice component, bool is_last)
{
    CLEANUP(text_release) struct text decoded = {0};

    append_percent_decoded(&decoded, component);
    if (decoded.length > 0)
        append_safe(text, text_slice(&decoded));
    else if (is_last)
        text_append(text, FOLDER_NAME);
    else
        text_append_byte(text, REPLACEMENT);
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
    append_safe(text, fields->tag);
}

struct field {
    const char *name;
    void (*append)(struct text *text, const struct naming_fields *fields);
};

static const struct field *find_field(struct slice name)
{
    static const struct field fields[] = {
        {"name", append_name}, {"ext", append_extension}, {"host", append_host},
        {"path", append_path}, {"index", append_index},   {"tag", append_tag},
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
        if (slice_equal(name, slice_of(fields[i].name)))
            return &fields[i];
    return NULL;
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
            problem = arena_format(arena, "the template has an unknown field '{" SLICE_FORMAT "}'",
                                   SLICE_ARGUMENT(piece.text));
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
        append_safe(text, match);
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
        text_append_byte(text, REPLACEMENT);
    else
        append_shortened(text, component);
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
        text_append_byte(&tidy, REPLACEMENT);
    return arena_copy(arena, text_slice(&tidy));
}

const char *naming_numbered(struct arena *arena, struct slice name, unsigned n)
{
    return arena_format(arena, SLICE_FORMAT ".%u", SLICE_ARGUMENT(name), n);
}

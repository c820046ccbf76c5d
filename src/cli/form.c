#include "form.h"
#include "argument_file.h"
#include "content_file.h"
#include "form_argument.h"
#include "problem.h"
#include "request.h"

#include <haul/base/clock.h>
#include <haul/base/text.h>

#include <string.h>
#include <strings.h>
#include <sys/random.h>

#define PARTS_AT_FIRST 8

struct form {
    struct arena *arena;
    struct http_part *parts;
    size_t count, room;
    const char *boundary;
};

/* A part of the form, or of one of its parts. */
struct part {
    const char *boundary, *disposition;
    struct slice name; /* empty: none */
    const struct form_word *word;
    const char *file_name; /* NULL: none */
    const char *type;      /* NULL: none */
};

static const char *make_boundary(struct arena *arena)
{
    uint64_t random;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
        random = (uint64_t)clock_wall();
    return arena_format(arena, "------------------------%016llx", (unsigned long long)random);
}

static struct form *open_form(struct options *options)
{
    if (options->form)
        return options->form;
    options->form = arena_allocate(&options->arena, sizeof *options->form);
    options->form->arena = &options->arena;
    options->form->boundary = make_boundary(&options->arena);
    return options->form;
}

static void append(struct form *form, struct http_part part)
{
    if (form->count == form->room) {
        struct http_part *old = form->parts;

        form->room = form->room > 0 ? 2 * form->room : PARTS_AT_FIRST;
        form->parts = arena_allocate(form->arena, form->room * sizeof *form->parts);
        if (form->count > 0)
            memcpy(form->parts, old, form->count * sizeof *old);
    }
    form->parts[form->count++] = part;
}

static void append_text(struct form *form, const struct text *text)
{
    append(form, (struct http_part){.bytes = {arena_copy(form->arena, text_slice(text)), text->length}});
}

/* As in the living standard of HTML. */
static void append_quoted(struct text *text, const char *name, struct slice value)
{
    text_append_format(text, "; %s=\"", name);
    for (size_t i = 0; i < value.length; i++) {
        if (strchr("\"\r\n", value.bytes[i]) && value.bytes[i])
            text_append_format(text, "%%%02X", (unsigned char)value.bytes[i]);
        else
            text_append_byte(text, value.bytes[i]);
    }
    text_append_byte(text, '"');
}

static const char *append_header_lines(struct arena *arena, const char *header, struct text *text)
{
    CLEANUP(text_release) struct text file = {0};
    struct slice rest = slice_of(header), line;
    const char *problem = NULL;

    if (header[0] == '@') {
        if (!argument_file_read(header + 1, HEADER_FILE_MAXIMUM, &file, &problem))
            return problem;
        rest = text_slice(&file);
    }
    while (rest.length > 0 && !problem) {
        slice_cut(rest, '\n', &line, &rest);
        line = slice_trim(line);
        if (line.length == 0 || line.bytes[0] == '#')
            continue;
        problem =
            slice_contains_byte(line, '\0') ? "it has a NUL in it" : problem_of_header(arena, arena_copy(arena, line));
        text_append(text, line);
        text_append_string(text, "\r\n");
    }
    return problem;
}

static const char *append_head(struct form *form, const struct part *part)
{
    CLEANUP(text_release) struct text text = {0};
    const char *problem = part->type ? problem_of_field_value(form->arena, part->type) : NULL;

    text_append_format(&text, "--%s\r\nContent-Disposition: %s", part->boundary, part->disposition);
    if (part->name.length > 0)
        append_quoted(&text, "name", part->name);
    if (part->file_name)
        append_quoted(&text, "filename", slice_of(part->file_name));
    text_append_string(&text, "\r\n");
    if (part->type)
        text_append_format(&text, "Content-Type: %s\r\n", part->type);
    for (size_t i = 0; part->word && i < part->word->header_count && !problem; i++)
        problem = append_header_lines(form->arena, part->word->headers[i], &text);
    text_append_string(&text, "\r\n");
    append_text(form, &text);
    return problem;
}

static void append_line_end(struct form *form)
{
    append(form, (struct http_part){.bytes = SLICE("\r\n")});
}

static void append_end(struct form *form, const char *boundary)
{
    CLEANUP(text_release) struct text text = {0};

    text_append_format(&text, "--%s--\r\n", boundary);
    append_text(form, &text);
}

/* What curl takes a name's end for; NULL: it does not know it. */
static const char *type_of_name(const char *name)
{
    static const struct {
        struct slice end;
        const char *type;
    } types[] = {
        {SLICE(".gif"), "image/gif"},       {SLICE(".jpg"), "image/jpeg"},    {SLICE(".jpeg"), "image/jpeg"},
        {SLICE(".png"), "image/png"},       {SLICE(".svg"), "image/svg+xml"}, {SLICE(".txt"), "text/plain"},
        {SLICE(".htm"), "text/html"},       {SLICE(".html"), "text/html"},    {SLICE(".pdf"), "application/pdf"},
        {SLICE(".xml"), "application/xml"},
    };
    size_t length = name ? strlen(name) : 0;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (length >= types[i].end.length && strcasecmp(name + length - types[i].end.length, types[i].end.bytes) == 0)
            return types[i].type;
    return NULL;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* "<FILE" is sent as if it had been typed, so it has no name, and plain text need not be called that. */
static const char *type_of(const struct part *part, const char *path)
{
    const char *type = type_of_name(part->file_name);

    if (part->word->type)
        return part->word->type;
    if (!type && path && strcmp(path, "-") != 0)
        type = type_of_name(path);
    if (!part->file_name)
        return type && strcmp(type, "text/plain") != 0 ? type : NULL;
    return type || !path || strcmp(path, "-") == 0 ? type : "application/octet-stream";
}

static const char *append_file(struct form *form, struct part *part)
{
    const char *path = part->word->text, *problem;
    struct http_part content;

    part->type = type_of(part, path);
    problem = append_head(form, part);
    if (problem || !content_file_take(form->arena, path, &content, &problem))
        return problem;
    append(form, content);
    append_line_end(form);
    return NULL;
}

static const char *append_value(struct form *form, struct part *part)
{
    const char *problem;

    part->type = type_of(part, NULL);
    problem = append_head(form, part);
    append(form, (struct http_part){.bytes = slice_of(part->word->text)});
    append_line_end(form);
    return problem;
}

static const char *name_of_file(const struct form_word *word)
{
    return word->file_name ? word->file_name : base_name(word->text);
}

/* Several files of one field are a part with parts. */
static const char *add_files(struct form *form, struct slice name, const char *rest)
{
    struct part part = {.boundary = form->boundary, .disposition = "form-data", .name = name};
    const char *inner = make_boundary(form->arena), *problem;
    struct form_word word;
    bool more, several;

    problem = form_word_take(form->arena, &rest, ',', &word, &several);
    if (!problem && several) {
        part.type = arena_format(form->arena, "multipart/mixed; boundary=%s", inner);
        problem = append_head(form, &part);
        part = (struct part){.boundary = inner, .disposition = "attachment"};
    }
    for (more = several; !problem; problem = form_word_take(form->arena, &rest, ',', &word, &more)) {
        part.word = &word;
        part.file_name = name_of_file(&word);
        problem = append_file(form, &part);
        if (problem || !more)
            break;
    }
    if (!problem && several) {
        append_end(form, inner);
        append_line_end(form);
    }
    return problem;
}

/* "NAME=..." */
static bool cut_name(const char *argument, struct slice *ret_name, const char **ret_value)
{
    const char *equals = strchr(argument, '=');

    if (!equals)
        return false;
    *ret_name = (struct slice){argument, (size_t)(equals - argument)};
    *ret_value = equals + 1;
    return true;
}

const char *form_add(struct options *options, const char *argument)
{
    struct form *form = open_form(options);
    struct form_word word;
    struct part part = {.boundary = form->boundary, .disposition = "form-data", .word = &word};
    const char *value, *problem;
    bool is_file, more;

    if (!cut_name(argument, &part.name, &value))
        return "it is not of the form NAME=VALUE";
    if (*value == '@')
        return add_files(form, part.name, value + 1);
    if (*value == '(' || (*value == ')' && part.name.length == 0))
        return "parts in parts are not known: put the value in double quotes, or use '--form-string'";
    is_file = *value == '<';
    value += is_file;
    problem = form_word_take(form->arena, &value, '\0', &word, &more);
    if (problem)
        return problem;
    part.file_name = word.file_name;
    return is_file ? append_file(form, &part) : append_value(form, &part);
}

const char *form_add_string(struct options *options, const char *argument)
{
    struct form *form = open_form(options);
    struct form_word word = {.text = NULL};
    struct part part = {.boundary = form->boundary, .disposition = "form-data", .word = &word};

    if (!cut_name(argument, &part.name, &word.text))
        return "it is not of the form NAME=VALUE";
    return append_value(form, &part);
}

void form_complete(struct form *form, struct arena *arena, struct http_content *ret_content)
{
    append_end(form, form->boundary);
    *ret_content = (struct http_content){
        .parts = form->parts,
        .part_count = form->count,
        .type = arena_format(arena, "Content-Type: multipart/form-data; boundary=%s", form->boundary),
    };
}

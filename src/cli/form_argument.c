#include "form_argument.h"

#include <haul/base/text.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>

struct reader {
    struct arena *arena;
    const char *next;
    char end;
};

static void skip_space(struct reader *reader)
{
    while (isspace((unsigned char)*reader->next))
        reader->next++;
}

static bool is_at_end(const struct reader *reader)
{
    return *reader->next == '\0' || *reader->next == ';' || *reader->next == reader->end;
}

static const char *take_plain(struct reader *reader)
{
    const char *begin = reader->next;

    while (!is_at_end(reader))
        reader->next++;
    return arena_copy(reader->arena, slice_trim((struct slice){begin, (size_t)(reader->next - begin)}));
}

/* NULL when no quote ends it: then it is not meant as one. */
static const char *take_quoted(struct reader *reader)
{
    CLEANUP(text_release) struct text word = {0};
    const char *at = reader->next + 1;

    for (; *at != '"'; at++) {
        if (*at == '\0')
            return NULL;
        if (at[0] == '\\' && (at[1] == '\\' || at[1] == '"'))
            at++;
        text_append_byte(&word, *at);
    }
    reader->next = at + 1;
    return arena_copy(reader->arena, text_slice(&word));
}

static const char *take_word(struct reader *reader, const char **ret_word)
{
    const char *word;

    skip_space(reader);
    word = *reader->next == '"' ? take_quoted(reader) : NULL;
    if (!word) {
        *ret_word = take_plain(reader);
        return NULL;
    }
    *ret_word = word;
    skip_space(reader);
    return is_at_end(reader) ? NULL : "there is something behind a quoted word";
}

static bool is_known(const char *next)
{
    return strncasecmp(next, "type=", strlen("type=")) == 0 ||
           strncasecmp(next, "filename=", strlen("filename=")) == 0 ||
           strncasecmp(next, "headers=", strlen("headers=")) == 0 ||
           strncasecmp(next, "encoder=", strlen("encoder=")) == 0;
}

/* "text/plain; charset=utf-8" is one. */
static const char *take_type(struct reader *reader, const char **ret_type)
{
    const char *begin, *slash;

    skip_space(reader);
    begin = reader->next;
    do {
        if (*reader->next == ';')
            reader->next++;
        while (!is_at_end(reader))
            reader->next++;
    } while (*reader->next == ';' && !is_known(reader->next + 1 + strspn(reader->next + 1, " \t")));
    *ret_type = arena_copy(reader->arena, slice_trim((struct slice){begin, (size_t)(reader->next - begin)}));
    slash = strchr(*ret_type, '/');
    return slash && slash != *ret_type && slash[1] != '\0' ? NULL : "a type is written as in 'text/plain'";
}

static const char *take_header(struct reader *reader, struct form_word *word)
{
    const char *header, *problem;
    char kind = *reader->next;

    if (word->header_count == FORM_HEADERS_MAXIMUM)
        return "these are too many headers";
    if (kind == '@' || kind == '<')
        reader->next++;
    problem = take_word(reader, &header);
    word->headers[word->header_count++] =
        kind == '@' || kind == '<' ? arena_format(reader->arena, "@%s", header) : header;
    return problem;
}

static bool take_name(struct reader *reader, const char *name)
{
    if (strncasecmp(reader->next, name, strlen(name)) != 0)
        return false;
    reader->next += strlen(name);
    return true;
}

static const char *take_attribute(struct reader *reader, struct form_word *word)
{
    skip_space(reader);
    if (take_name(reader, "type="))
        return take_type(reader, &word->type);
    if (take_name(reader, "filename="))
        return take_word(reader, &word->file_name);
    if (take_name(reader, "headers="))
        return take_header(reader, word);
    if (take_name(reader, "encoder="))
        return "parts are sent as they are, and not encoded";
    if (is_at_end(reader))
        return NULL;
    return "what stands behind a semicolon is not known: put the word before it in double quotes, or use "
           "'--form-string'";
}

const char *form_word_take(struct arena *arena, const char **rest, char end, struct form_word *ret_word, bool *ret_more)
{
    struct reader reader = {.arena = arena, .next = *rest, .end = end};
    const char *problem;

    *ret_word = (struct form_word){.text = NULL};
    problem = take_word(&reader, &ret_word->text);
    while (!problem && *reader.next == ';') {
        reader.next++;
        problem = take_attribute(&reader, ret_word);
    }
    *ret_more = end != '\0' && *reader.next == end;
    *rest = reader.next + *ret_more;
    return problem;
}

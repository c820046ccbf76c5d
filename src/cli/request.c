#include "request.h"
#include "argument_file.h"
#include "content_file.h"
#include "form.h"
#include "problem.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void append_without_line_ends(struct text *text, struct slice bytes)
{
    for (size_t i = 0; i < bytes.length; i++)
        if (bytes.bytes[i] != '\r' && bytes.bytes[i] != '\n' && bytes.bytes[i] != '\0')
            text_append_byte(text, bytes.bytes[i]);
}

enum content_kind {
    CONTENT_DATA,
    CONTENT_RAW,
    CONTENT_BINARY,
    CONTENT_JSON,
};

static const char *add_content(struct options *options, enum content_kind kind, const char *argument)
{
    struct text *content = &options->content_bytes;
    CLEANUP(text_release) struct text file = {0};
    const char *problem;

    if (options->has_content && kind != CONTENT_JSON)
        text_append_byte(content, '&');
    options->has_content = true;
    options->content_is_json |= kind == CONTENT_JSON;
    if (argument[0] != '@' || kind == CONTENT_RAW) {
        text_append_string(content, argument);
        return NULL;
    }
    if (!argument_file_read(argument + 1, CONTENT_MAXIMUM, &file, &problem))
        return problem;
    if (kind == CONTENT_DATA)
        append_without_line_ends(content, text_slice(&file));
    else
        text_append(content, text_slice(&file));
    return NULL;
}

const char *request_add_data(struct options *options, const char *argument)
{
    return add_content(options, CONTENT_DATA, argument);
}

const char *request_add_raw(struct options *options, const char *argument)
{
    return add_content(options, CONTENT_RAW, argument);
}

const char *request_add_binary(struct options *options, const char *argument)
{
    return add_content(options, CONTENT_BINARY, argument);
}

const char *request_add_json(struct options *options, const char *argument)
{
    return add_content(options, CONTENT_JSON, argument);
}

const char *request_set_upload(struct options *options, const char *argument)
{
    const char *problem = NULL;

    if (options->upload_file)
        return "it was given before, and one file goes to all URLs";
    options->upload_file = argument;
    content_file_take(&options->arena, argument, &options->upload, &problem);
    return problem;
}

/* The list has room for a power of two. */
static void append(struct options *options, const char *const **list, size_t count, const char *item)
{
    const char **items = (const char **)*list;

    if ((count & (count + 1)) == 0) {
        items = arena_allocate(&options->arena, 2 * (count + 1) * sizeof *items);
        if (count > 0)
            memcpy(items, *list, count * sizeof *items);
        *list = items;
    }
    items[count] = item;
}

static void append_header(struct options *options, const char *header)
{
    append(options, &options->http.headers, options->header_count++, header);
}

static const char *add_header_line(struct options *options, const char *header)
{
    const char *problem = problem_of_header(&options->arena, header);

    if (!problem)
        append_header(options, header);
    return problem;
}

const char *request_add_header(struct options *options, const char *argument)
{
    CLEANUP(text_release) struct text file = {0};
    const char *problem = NULL;
    struct slice rest, line;

    if (argument[0] != '@')
        return add_header_line(options, arena_copy_string(&options->arena, argument));
    if (!argument_file_read(argument + 1, HEADER_FILE_MAXIMUM, &file, &problem))
        return problem;
    for (rest = text_slice(&file); rest.length > 0 && !problem;) {
        slice_cut(rest, '\n', &line, &rest);
        line = slice_trim(line);
        if (slice_contains_byte(line, '\0'))
            return "it has a NUL in it";
        if (line.length > 0)
            problem = add_header_line(options, arena_copy(&options->arena, line));
    }
    return problem;
}

/* The argument, or the first line of the file that it names. */
static const char *read_secret(struct options *options, const char *argument, const char **ret_secret)
{
    CLEANUP(text_release) struct text file = {0};
    struct slice line, rest;
    const char *problem;

    if (argument[0] != '@') {
        *ret_secret = arena_copy_string(&options->arena, argument);
    } else {
        if (!argument_file_read(argument + 1, SECRET_FILE_MAXIMUM, &file, &problem))
            return problem;
        slice_cut(text_slice(&file), '\n', &line, &rest);
        *ret_secret = arena_copy(&options->arena, slice_trim(line));
    }
    return problem_of_field_value(&options->arena, *ret_secret);
}

const char *request_set_user(struct options *options, const char *argument)
{
    const char *secret = NULL, *problem = read_secret(options, argument, &secret);
    struct slice user, password;

    if (problem)
        return problem;
    if (!slice_cut(slice_of(secret), ':', &user, &password))
        return "it is not of the form USER:PASSWORD";
    options->http.user = arena_copy(&options->arena, user);
    options->http.password = arena_copy(&options->arena, password);
    return NULL;
}

const char *request_set_bearer(struct options *options, const char *argument)
{
    const char *token = NULL, *problem = read_secret(options, argument, &token);

    if (!problem)
        append_header(options, arena_format(&options->arena, "Authorization: Bearer %s", token));
    return problem;
}

/* A Referer has neither user info nor a fragment (RFC 9110, 10.1.3). */
const char *request_set_referer(struct options *options, const char *argument)
{
    const char *problem = problem_of_field_value(&options->arena, argument), *scheme_end = strstr(argument, "://");
    const char *authority = scheme_end ? scheme_end + strlen("://") : argument;
    const char *at = memrchr(authority, '@', strcspn(authority, "/?#"));
    const char *rest = at ? at + 1 : authority;

    if (!problem)
        append_header(options, arena_format(&options->arena, "Referer: %.*s%.*s", (int)(authority - argument), argument,
                                            (int)strcspn(rest, "#"), rest));
    return problem;
}

static const char *add_cookie(struct options *options, const char *argument)
{
    const char *problem = problem_of_field_value(&options->arena, argument), *before = options->http.cookie;

    if (!problem)
        options->http.cookie = before ? arena_format(&options->arena, "%s; %s", before, argument)
                                      : arena_copy_string(&options->arena, argument);
    return problem;
}

static bool is_yet_to_come(const struct options *options, const char *path)
{
    return options->cookie_jar && strcmp(options->cookie_jar, path) == 0 && access(path, F_OK) < 0 && errno == ENOENT;
}

const char *request_add_cookies(struct options *options, const char *argument)
{
    CLEANUP(text_release) struct text file = {0};
    struct slice rest, line;
    const char *problem;

    if (strchr(argument, '='))
        return add_cookie(options, argument);
    options->http.keeps_cookies = true;
    if (argument[0] == '\0' || is_yet_to_come(options, argument))
        return NULL;
    if (!argument_file_read(argument, COOKIE_FILE_MAXIMUM, &file, &problem))
        return problem;
    if (slice_contains_byte(text_slice(&file), '\0'))
        return "it has a NUL in it";
    for (rest = text_slice(&file); rest.length > 0;) {
        slice_cut(rest, '\n', &line, &rest);
        append(options, &options->http.cookie_lines, options->cookie_line_count++,
               arena_copy(&options->arena, slice_trim(line)));
    }
    return NULL;
}

bool request_has_header(const struct options *options, struct slice name)
{
    for (const char *const *header = options->http.headers; header && *header; header++)
        if (slice_equal_ignoring_case((struct slice){*header, strcspn(*header, ":;")}, name))
            return true;
    return false;
}

unsigned request_content_kinds(const struct options *options)
{
    return options->has_content + (options->form != NULL) + (options->upload_file != NULL);
}

static void complete_data(struct options *options)
{
    if (options->content_is_json && !request_has_header(options, SLICE("Content-Type")))
        options->content.type = "Content-Type: application/json";
    if (options->content_is_json && !request_has_header(options, SLICE("Accept")))
        append_header(options, "Accept: application/json");
    options->content.bytes = text_slice(&options->content_bytes);
}

/* Like curl, to a folder under its own name; standard input has none. */
static void complete_upload(struct options *options)
{
    const char *slash = strrchr(options->upload_file, '/');

    options->content = (struct http_content){.parts = &options->upload, .part_count = 1};
    if (!options->batch.template && options->batch.mode == BATCH_SAVE)
        options->batch.mode = BATCH_CHECK;
    if (strcmp(options->upload_file, "-") != 0)
        options->batch.content_name = slash ? slash + 1 : options->upload_file;
}

void request_complete(struct options *options)
{
    options->http.keeps_cookies |= options->cookie_jar != NULL;
    if (request_content_kinds(options) == 0)
        return;
    if (!options->batch.method)
        options->batch.method = options->upload_file ? "PUT" : "POST";
    if (options->form)
        form_complete(options->form, &options->arena, &options->content);
    else if (options->upload_file)
        complete_upload(options);
    else
        complete_data(options);
    options->batch.content = &options->content;
}

#include "head.h"

#include <string.h>

void head_release(struct head *head)
{
    text_release(&head->lines);
}

void head_clear(struct head *head)
{
    struct text lines = head->lines;

    text_clear(&lines);
    *head = (struct head){.lines = lines, .content_length = -1};
}

/* None in HTTP/2; what is too long is cut. */
static void note_reason(struct head *head, struct slice reason)
{
    size_t length = reason.length < sizeof head->reason ? reason.length : sizeof head->reason - 1;

    if (length > 0)
        memcpy(head->reason, reason.bytes, length);
    head->reason[length] = '\0';
}

static const char *begin(struct head *head, struct slice status_line)
{
    struct slice version, rest, code, reason;
    unsigned long long number;

    size_t received = head->received;

    head_clear(head);
    head->received = received;
    slice_cut(slice_trim(status_line), ' ', &version, &rest);
    slice_cut(rest, ' ', &code, &reason);
    if (!slice_to_unsigned(code, 999, &number))
        return "status is not a number";
    head->response_code = (int)number;
    head->is_http_1 = slice_starts_with(version, SLICE("HTTP/1"));
    note_reason(head, reason);
    return NULL;
}

static void append_lower_case(struct text *text, struct slice name)
{
    char *copy;

    text_append(text, name);
    copy = text->bytes + text->length - name.length;
    for (size_t i = 0; i < name.length; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] += 'a' - 'A';
    text_append_byte(text, '\0');
}

/* RFC 9112, 6.3: several that differ, or one that is no number, leave the length of the message in doubt. */
static const char *note_content_length(struct head *head, struct slice value)
{
    unsigned long long length;

    if (!slice_to_unsigned(value, INT64_MAX, &length))
        return "Content-Length is not a number";
    if (head->content_length >= 0 && head->content_length != (int64_t)length)
        return "two Content-Length headers that differ";
    head->content_length = (int64_t)length;
    return NULL;
}

static const char *add_field(struct head *head, struct slice line)
{
    struct slice name, value;

    if (!slice_cut(line, ':', &name, &value))
        return NULL; /* curl has let it pass; so do we, unrecorded */
    value = slice_trim(value);
    append_lower_case(&head->lines, name);
    text_append(&head->lines, value);
    text_append_byte(&head->lines, '\0');
    head->count++;
    if (slice_equal_ignoring_case(name, SLICE("Location")))
        head->has_location = true;
    if (slice_equal_ignoring_case(name, SLICE("Transfer-Encoding")))
        head->has_transfer_encoding = true;
    if (slice_equal_ignoring_case(name, SLICE("Content-Length")))
        return note_content_length(head, value);
    return NULL;
}

/* A line that begins with white space goes on with the value before it (RFC 9112, 5.2). */
static void continue_field(struct head *head, struct slice line)
{
    struct slice more = slice_trim(line);

    if (head->count == 0 || more.length == 0)
        return;
    head->lines.length--; /* the NUL */
    if (head->lines.bytes[head->lines.length - 1] != '\0')
        text_append_byte(&head->lines, ' ');
    text_append(&head->lines, more);
    text_append_byte(&head->lines, '\0');
}

/* As curl sees it: a line of nothing but spaces is none. */
static bool is_empty(struct slice line)
{
    return line.length == 0 || line.bytes[0] == '\n' || line.bytes[0] == '\r';
}

const char *head_add(struct head *head, struct slice line)
{
    head->received += line.length;
    if (head->received > HEAD_MAXIMUM)
        return "headers above 256 KiB";
    if (slice_contains_byte(line, '\0'))
        return "a NUL in a header";
    if (slice_starts_with(line, SLICE("HTTP/")) && (head->ended || head->response_code == 0))
        return begin(head, line);
    if (head->ended)
        return NULL; /* a trailer */
    if (is_empty(line)) {
        head->ended = true;
        return NULL;
    }
    if (line.bytes[0] != ' ' && line.bytes[0] != '\t')
        return add_field(head, line);
    continue_field(head, line);
    return NULL;
}

bool head_ends_with_connection(const struct head *head)
{
    bool has_body = head->response_code >= 200 && head->response_code != 204 && head->response_code != 304;

    return head->is_http_1 && has_body && head->content_length < 0 && !head->has_transfer_encoding;
}

const char *head_value(const struct head *head, const char *name)
{
    const char *next = head->lines.bytes;

    for (unsigned i = 0; i < head->count; i++) {
        const char *value = next + strlen(next) + 1;

        if (strcmp(next, name) == 0)
            return value;
        next = value + strlen(value) + 1;
    }
    return NULL;
}

struct header *head_headers(const struct head *head, struct arena *arena)
{
    struct header *headers = arena_allocate(arena, head->count * sizeof *headers);
    const char *next = arena_copy(arena, text_slice(&head->lines));

    for (unsigned i = 0; i < head->count; i++) {
        headers[i].name = next;
        next += strlen(next) + 1;
        headers[i].value = next;
        next += strlen(next) + 1;
    }
    return headers;
}

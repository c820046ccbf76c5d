#include "github.h"

#include "plain.h"

#include <haul/base/utf8.h>
#include <haul/co/file.h>

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

void github_release(struct github *github)
{
    text_release(&github->rows);
}

/* As GitHub's own toolkit escapes the message of a command; other control characters become spaces. */
static void append_to_command(struct text *text, struct slice words)
{
    for (size_t i = 0; i < words.length; i++) {
        unsigned char byte = (unsigned char)words.bytes[i];

        if (byte == '%' || byte == '\r' || byte == '\n')
            text_append_format(text, "%%%02X", byte);
        else
            text_append_byte(text, byte < ' ' || byte == 0x7f ? ' ' : (char)byte);
    }
}

static void append_annotation(struct text *lines, struct slice subject, struct slice reason)
{
    text_append_string(lines, "::error title=haul::");
    append_to_command(lines, subject);
    text_append_string(lines, ": ");
    append_to_command(lines, reason);
    text_append_byte(lines, '\n');
}

/* What means something in Markdown or HTML becomes an entity. */
static void append_cell(struct text *text, struct slice words)
{
    static const char plain[] = " /=,;%+?$";

    while (words.length > 0) {
        uint32_t character = 0;
        size_t length = utf8_decode(words, &character);
        bool is_word = character > 0xa0 || (character >= '0' && character <= '9') ||
                       (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');

        if (length == 0 || character < ' ' || (character >= 0x7f && character <= 0xa0))
            text_append_byte(text, '?');
        else if (is_word || strchr(plain, (int)character))
            text_append(text, (struct slice){words.bytes, length});
        else
            text_append_format(text, "&#%u;", character);
        words = slice_from(words, length > 0 ? length : 1);
    }
}

static void append_row(struct github *github, const struct result *result, struct slice subject, struct slice reason)
{
    const char *kind = result->status == RESULT_FAILED ? failure_class_name(result->failure.class)
                                                       : result_status_name(result->status);

    text_append_string(&github->rows, "| ");
    append_cell(&github->rows, subject);
    text_append_format(&github->rows, " | %s | ", kind);
    append_cell(&github->rows, reason);
    text_append_string(&github->rows, " |\n");
    github->row_count++;
}

void github_add(struct github *github, const struct result *result, struct text *lines)
{
    CLEANUP(text_release) struct text subject = {0}, reason = {0};

    if (!result_status_is_bad(result->status) || github->row_count == GITHUB_ROWS_MAXIMUM)
        return;
    plain_subject(&subject, result);
    plain_reason(&reason, result);
    append_row(github, result, text_slice(&subject), text_slice(&reason));
    if (lines && github->annotations++ < GITHUB_ANNOTATIONS_MAXIMUM)
        append_annotation(lines, text_slice(&subject), text_slice(&reason));
}

static void append_summary(struct text *text, const struct github *github, const struct totals *totals,
                           const struct run_end *end)
{
    uint64_t bad = totals->by_result[RESULT_FAILED] + totals->by_result[RESULT_CANCELLED];

    text_append_format(text,
                       "### haul: exit code %d\n\n| jobs | ok | failed | skipped | cached | cancelled | seconds |\n"
                       "|---|---|---|---|---|---|---|\n| %" PRIu64,
                       end->exit_code, totals->total);
    for (enum result_status status = 0; status < RESULT_STATUS_COUNT; status++)
        text_append_format(text, " | %" PRIu64, totals->by_result[status]);
    text_append_string(text, " | ");
    plain_append_seconds(text, end->elapsed);
    text_append_string(text, " |\n\n");
    if (github->row_count == 0)
        return;
    text_append_string(text, "| what | kind | why |\n|---|---|---|\n");
    text_append(text, text_slice(&github->rows));
    if (bad > github->row_count)
        text_append_format(text, "\nand %" PRIu64 " more\n", bad - github->row_count);
    text_append_byte(text, '\n');
}

int github_finish(struct co_task *self, const struct github *github, const char *path, const struct totals *totals,
                  const struct run_end *end)
{
    CLEANUP(text_release) struct text text = {0};
    ssize_t written;
    int descriptor;

    append_summary(&text, github, totals, end);
    descriptor = co_file_open(self, path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0666);
    if (descriptor < 0)
        return descriptor;
    written = co_file_write(self, descriptor, text.bytes, text.length, -1);
    co_file_close(self, descriptor);
    return written < 0 ? (int)written : 0;
}

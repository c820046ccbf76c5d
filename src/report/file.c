#include "file.h"

#include "behind.h"
#include "torn.h"
#include "waterfall.h"

#include <haul/base/memory.h>
#include <haul/co/file.h>
#include <haul/co/runtime.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct report_file {
    const struct format *format;
    struct arena arena;
    const char *path, *temporary_path;
    int descriptor;
    struct writer writer;
    uint64_t count;        /* of results that were written there */
    struct behind *second; /* the second part; NULL: there is one part */
    uint64_t second_count;
    struct waterfall *waterfall; /* NULL: nobody wants it */
};

static int refuse(const struct report_file *file, int code, const char *problem, struct error *error)
{
    return fail(error, ERROR_REPORT, code, "cannot write the report '%s': %s", file->path, problem);
}

static int refuse_result(const struct report_file *file, int result, struct error *error)
{
    return result < 0 ? refuse(file, -result, strerror(-result), error) : 0;
}

/* What is renamed takes the place of what is there, so that may be a file and nothing else. */
static int check_place(struct co_task *self, const struct report_file *file, struct error *error)
{
    struct stat stat;

    if (co_file_stat(self, file->path, &stat) == 0 && !S_ISREG(stat.st_mode))
        return refuse(file, EEXIST, "it is there and is no file", error);
    return 0;
}

static int open_descriptor(struct co_task *self, struct report_file *file, struct error *error)
{
    int result = check_place(self, file, error);

    if (result < 0)
        return result;
    if (file->format->is_appended)
        file->descriptor = co_file_open(self, file->path, O_RDWR | O_CREAT | O_APPEND, 0666);
    else
        file->descriptor = co_file_open(self, file->temporary_path, O_RDWR | O_CREAT | O_EXCL, 0666);
    return refuse_result(file, file->descriptor, error);
}

static void append_blanks(struct text *text, size_t until)
{
    while (text->length < until)
        text_append_byte(text, ' ');
}

static void begin(struct report_file *file, const struct report_options *options, int64_t started_at)
{
    if (file->format->head)
        append_blanks(&file->writer.pending, file->format->head_room);
    if (file->format->begin)
        file->format->begin(&file->writer.pending, options, started_at);
    writer_appended(&file->writer);
}

static int discard(struct co_task *self, struct report_file *file, int result)
{
    co_file_close(self, file->descriptor);
    if (!file->format->is_appended)
        co_file_unlink(self, file->temporary_path);
    return result;
}

static int open_second_part(struct co_task *self, struct co_group *group, struct report_file *file)
{
    if (!file->format->goes_first)
        return 0;
    return behind_open(self, group, arena_format(&file->arena, "%s.rest", file->temporary_path), &file->second);
}

int report_file_open(struct co_task *self, struct co_group *group, const char *written,
                     const struct report_options *options, int64_t started_at, struct error *error,
                     struct report_file **ret_file)
{
    CLEANUP(report_file_close) struct report_file *file = memory_allocate(sizeof *file);
    int result;

    file->format = format_find(written, &file->path);
    file->path = arena_copy_string(&file->arena, file->path);
    file->temporary_path = arena_format(&file->arena, "%s.%ld.part", file->path, (long)getpid());
    if (file->format->middle)
        file->waterfall = memory_allocate(sizeof *file->waterfall);
    result = open_descriptor(self, file, error);
    if (result < 0)
        return result;
    writer_init(&file->writer, file->descriptor, REPORT_PENDING_MAXIMUM);
    result = writer_start(self, group, &file->writer);
    if (result < 0)
        return discard(self, file, refuse(file, -result, co_error_text(result), error));
    result = open_second_part(self, group, file);
    if (result < 0) {
        writer_finish(self, &file->writer);
        return discard(self, file, refuse(file, -result, co_error_text(result), error));
    }
    if (file->format->is_appended && torn_line(self, file->descriptor))
        text_append_byte(&file->writer.pending, '\n');
    begin(file, options, started_at);
    *ret_file = STEAL(file);
    return 0;
}

static void add(struct co_task *self, const struct report_file *file, struct writer *writer, uint64_t *count,
                const struct result *result)
{
    writer_wait_for_room(self, writer);
    file->format->result(&writer->pending, result, ++*count);
    writer_appended(writer);
}

void report_file_add(struct co_task *self, struct report_file *file, const struct result *result)
{
    if (file->waterfall)
        waterfall_add(file->waterfall, result);
    if (!file->format->result)
        return;
    if (file->second && !file->format->goes_first(result))
        add(self, file, &file->second->writer, &file->second_count, result);
    else
        add(self, file, &file->writer, &file->count, result);
}

static int fill_in_head(struct co_task *self, const struct report_file *file, const struct totals *totals,
                        const struct run_end *end)
{
    CLEANUP(text_release) struct text head = {0};
    ssize_t written;

    if (!file->format->head)
        return 0;
    file->format->head(&head, totals, end);
    if (head.length > file->format->head_room)
        return -EFBIG;
    written = co_file_write(self, file->descriptor, head.bytes, head.length, 0);
    return written < 0 ? (int)written : 0;
}

static int publish(struct co_task *self, const struct report_file *file)
{
    int result = co_file_sync(self, file->descriptor);

    return result < 0 || file->format->is_appended ? result : co_file_rename(self, file->temporary_path, file->path);
}

static void append_ends(struct report_file *file, const struct totals *totals, const struct run_end *end)
{
    struct writer *last = file->second ? &file->second->writer : &file->writer;

    if (file->format->middle)
        file->format->middle(&file->writer.pending, file->waterfall, totals);
    if (file->format->end)
        file->format->end(&last->pending, totals, end);
    writer_appended(&file->writer);
    writer_appended(last);
}

static int finish_parts(struct co_task *self, struct report_file *file)
{
    int first = writer_finish(self, &file->writer);
    int second = file->second ? behind_finish(self, file->second, first == 0 ? file->descriptor : -1) : 0;

    return first < 0 ? first : second;
}

int report_file_finish(struct co_task *self, struct report_file *file, const struct totals *totals,
                       const struct run_end *end, struct error *error)
{
    int result;

    if (totals)
        append_ends(file, totals, end);
    result = finish_parts(self, file);
    if (!totals)
        return discard(self, file, 0);
    if (result == 0)
        result = fill_in_head(self, file, totals, end);
    if (result == 0)
        result = publish(self, file);
    if (result < 0)
        return discard(self, file, refuse_result(file, result, error));
    co_file_close(self, file->descriptor);
    return 0;
}

void report_file_close(struct report_file *file)
{
    if (!file)
        return;
    writer_release(&file->writer);
    behind_close(file->second);
    free(file->waterfall);
    arena_release(&file->arena);
    free(file);
}

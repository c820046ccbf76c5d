#include "lines.h"
#include "manifest.h"
#include "rest.h"
#include "sums.h"

#include <haul/base/memory.h>
#include <haul/co/waiter.h>
#include <haul/input/input.h>
#include <haul/job/checksum.h>
#include <haul/job/glob.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
    struct lines lines;
    enum input_format format;
    bool is_for_the_rest; /* only what of it is not done */
};

struct input {
    struct rest rest;
    struct slice base_url;
    struct checksum checksum;
    const char *const *urls;
    size_t next_url;
    bool no_globs;
    struct glob glob; /* of the URL before the next one */
    uint64_t glob_place;
    struct file *files;
    size_t file_count, next_file;
    uint64_t index; /* of the last job */
};

static void set_format(struct file *file, enum input_format format)
{
    file->format = format;
    file->is_for_the_rest = false;
    if (format == INPUT_BY_CONTENT || format == INPUT_JSONL)
        file->lines.maximum = MANIFEST_LINE_MAXIMUM;
    else
        file->lines.maximum = JOB_LINE_MAXIMUM;
}

static int open_files(struct co_task *self, struct input *input, const struct input_options *options,
                      struct error *error)
{
    bool has_standard_input = false;

    for (const char *const *name = options->files; *name; name++) {
        struct file *file;
        int result;

        if (strcmp(*name, "-") == 0) {
            if (has_standard_input)
                return fail(error, ERROR_INPUT, 0, "standard input was given twice");
            has_standard_input = true;
        }
        input->files = memory_resize(input->files, (input->file_count + 1) * sizeof *input->files);
        file = &input->files[input->file_count];
        result = lines_open(self, &file->lines, *name, error);
        if (result < 0)
            return result;
        set_format(file, options->format);
        input->file_count++;
    }
    return 0;
}

/* The report is read now to learn what is left of it, and again in its turn. */
static int open_rest(struct co_task *self, struct input *input, const char *name, struct error *error)
{
    struct file *file;
    int result;

    if (!name)
        return 0;
    result = rest_read(self, name, &input->rest, error);
    if (result < 0)
        return result;
    input->files = memory_resize(input->files, (input->file_count + 1) * sizeof *input->files);
    file = &input->files[input->file_count];
    result = lines_open(self, &file->lines, name, error);
    if (result < 0)
        return result;
    set_format(file, INPUT_JSONL);
    file->is_for_the_rest = true;
    input->file_count++;
    return 0;
}

int input_open(struct co_task *self, const struct input_options *options, struct error *error, struct input **ret_input)
{
    CLEANUP(input_close) struct input *input = memory_allocate(sizeof *input);
    int result;

    input->urls = options->urls;
    input->no_globs = options->no_globs;
    input->base_url = slice_of(options->base_url);
    checksum_parse(slice_of(options->checksum), &input->checksum);
    result = open_files(self, input, options, error);
    if (result == 0)
        result = open_rest(self, input, options->retry_failed, error);
    if (result < 0)
        return result;
    *ret_input = STEAL(input);
    return 0;
}

static struct job *job_from_url(struct input *input, struct slice url, struct slice matches)
{
    char source[40];

    snprintf(source, sizeof source, "argument %zu", input->next_url);
    return job_open(&(struct job_parts){
        .index = ++input->index,
        .source = slice_of(source),
        .url = url,
        .matches = matches,
        .digest = input->checksum.algorithm,
        .expected = input->checksum.hex,
    });
}

/* One that is no glob is taken as it is: the command line has been judged before. */
static struct job *job_from_argument(struct input *input)
{
    const char *url = input->urls[input->next_url++];

    glob_release(&input->glob);
    input->glob_place = 0;
    if (!input->no_globs && glob_read(&input->glob, slice_of(url)))
        return NULL;
    input->glob.count = 0;
    return job_from_url(input, slice_of(url), (struct slice){.length = 0});
}

static struct job *job_from_glob(struct input *input)
{
    CLEANUP(text_release) struct text url = {0}, matches = {0};

    glob_write(&input->glob, input->glob_place++, &url, &matches);
    return job_from_url(input, text_slice(&url), text_slice(&matches));
}

static struct job *next_of_arguments(struct input *input)
{
    struct job *job = NULL;

    while (!job && input->glob_place == input->glob.count && input->urls[input->next_url])
        job = job_from_argument(input);
    if (!job && input->glob_place < input->glob.count)
        job = job_from_glob(input);
    return job;
}

static bool says_nothing(struct slice line)
{
    struct slice content = slice_trim(line);

    return content.length == 0 || slice_starts_with(content, SLICE("#"));
}

static enum input_format format_of(struct slice line)
{
    if (says_nothing(line))
        return INPUT_BY_CONTENT;
    if (manifest_is_line(line))
        return INPUT_JSONL;
    return sums_is_line(line) ? INPUT_SUMS : INPUT_LINES;
}

static struct job *read_job(struct input *input, struct file *file, struct slice line, struct slice source)
{
    if (file->is_for_the_rest && !rest_take(&input->rest, line))
        return NULL;
    if (file->format == INPUT_BY_CONTENT)
        set_format(file, format_of(line));
    switch (file->format) {
    case INPUT_JSONL:
        return manifest_job(line, input->index + 1, source);
    case INPUT_SUMS:
        return sums_job(line, input->base_url, input->index + 1, source);
    default:
        return job_from_line(line, input->index + 1, source);
    }
}

static struct job *job_from_line_of(struct input *input, struct file *file, struct slice line)
{
    const struct lines *lines = &file->lines;
    struct text source = {.length = 0};
    struct job *job;

    text_append_format(&source, "%s:%llu", lines->name, (unsigned long long)lines->number);
    job = read_job(input, file, line, text_slice(&source));
    text_release(&source);
    if (job)
        input->index++;
    return job;
}

/* As input_next, but NULL for a line that is no job. */
static int next_of_files(struct co_task *self, struct input *input, struct job **ret_job, struct error *error)
{
    struct file *file = &input->files[input->next_file];
    struct slice line;
    int result = lines_next(self, &file->lines, &line, error);

    if (result > 0)
        *ret_job = job_from_line_of(input, file, line);
    if (result == 0)
        input->next_file++;
    return result;
}

int input_next(struct co_task *self, struct input *input, struct job **ret_job, struct error *error)
{
    struct job *job;

    if (co_check(self) < 0)
        return -ECANCELED;
    job = next_of_arguments(input);
    while (!job && input->next_file < input->file_count) {
        int result = next_of_files(self, input, &job, error);

        if (result < 0)
            return result;
    }
    if (!job)
        return 0;
    *ret_job = job;
    co_completed_at_once(self);
    return 1;
}

void input_close(struct input *input)
{
    if (!input)
        return;
    for (size_t i = 0; i < input->file_count; i++)
        lines_close(&input->files[i].lines);
    rest_release(&input->rest);
    glob_release(&input->glob);
    free(input->files);
    free(input);
}

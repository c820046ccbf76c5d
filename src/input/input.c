#include "source.h"

#include <haul/base/memory.h>
#include <haul/co/waiter.h>
#include <haul/input/input.h>
#include <haul/job/checksum.h>
#include <haul/job/glob.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct input {
    struct rest rest;
    struct slice base_url;
    struct checksum checksum;
    const char *const *urls;
    size_t next_url;
    bool no_globs;
    struct glob glob; /* of the URL before the next one */
    uint64_t glob_place;
    struct source *sources;
    size_t source_count, next_source;
    struct input_shard shard;
    uint64_t index; /* of the last job */
};

static int open_source(struct co_task *self, struct input *input, const char *name, enum input_format format,
                       struct source **ret_source, struct error *error)
{
    struct source *source;
    int result;

    input->sources = memory_resize(input->sources, (input->source_count + 1) * sizeof *input->sources);
    source = &input->sources[input->source_count];
    result = source_open(self, source, name, format, error);
    if (result < 0)
        return result;
    source->base_url = input->base_url;
    input->source_count++;
    *ret_source = source;
    return 0;
}

static int open_files(struct co_task *self, struct input *input, const struct input_options *options,
                      struct error *error)
{
    bool has_standard_input = false;
    struct source *source;

    for (const char *const *name = options->files; *name; name++) {
        int result;

        if (strcmp(*name, "-") == 0) {
            if (has_standard_input)
                return fail(error, ERROR_INPUT, 0, "standard input was given twice");
            has_standard_input = true;
        }
        result = open_source(self, input, *name, options->format, &source, error);
        if (result < 0)
            return result;
    }
    return 0;
}

/* The report is read now to learn what is left of it, and again in its turn. */
static int open_rest(struct co_task *self, struct input *input, const char *name, struct error *error)
{
    struct source *source;
    int result;

    if (!name)
        return 0;
    result = rest_read(self, name, &input->rest, error);
    if (result == 0)
        result = open_source(self, input, name, INPUT_JSONL, &source, error);
    if (result == 0)
        source->rest = &input->rest;
    return result;
}

int input_open(struct co_task *self, const struct input_options *options, struct error *error, struct input **ret_input)
{
    CLEANUP(input_close) struct input *input = memory_allocate(sizeof *input);
    int result;

    input->urls = options->urls;
    input->no_globs = options->no_globs;
    input->shard = options->shard;
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

static bool is_ours(const struct input *input, uint64_t index)
{
    const struct input_shard *shard = &input->shard;

    return shard->count == 0 || (index - 1) % shard->count == shard->number - 1;
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

/* What is not ours is counted, and not made. */
static struct job *job_from_glob(struct input *input)
{
    CLEANUP(text_release) struct text url = {0}, matches = {0};

    for (; !is_ours(input, input->index + 1); input->index++)
        if (++input->glob_place == input->glob.count)
            return input->index++, NULL;
    glob_write(&input->glob, input->glob_place++, &url, &matches);
    return job_from_url(input, text_slice(&url), text_slice(&matches));
}

static struct job *next_of_arguments(struct input *input)
{
    struct job *job = NULL;

    while (!job) {
        if (input->glob_place < input->glob.count)
            job = job_from_glob(input);
        else if (input->urls[input->next_url])
            job = job_from_argument(input);
        else
            break;
    }
    return job;
}

/* As input_next, but NULL for a line that is no job, too. */
static int next_of_sources(struct co_task *self, struct input *input, struct job **ret_job, struct error *error)
{
    struct source *source = &input->sources[input->next_source];
    int result = source_next(self, source, input->index + 1, ret_job, error);

    input->index += *ret_job != NULL;
    input->next_source += result == 0;
    return result;
}

/* As input_next, for all shards. */
static int next_of_all(struct co_task *self, struct input *input, struct job **ret_job, struct error *error)
{
    *ret_job = next_of_arguments(input);
    while (!*ret_job && input->next_source < input->source_count) {
        int result = next_of_sources(self, input, ret_job, error);

        if (result < 0)
            return result;
    }
    return *ret_job != NULL;
}

int input_next(struct co_task *self, struct input *input, struct job **ret_job, struct error *error)
{
    struct job *job = NULL;
    int result;

    if (co_check(self) < 0)
        return -ECANCELED;
    do {
        job_close(job);
        result = next_of_all(self, input, &job, error);
    } while (result > 0 && !is_ours(input, job->index));
    if (result <= 0)
        return result;
    *ret_job = job;
    co_completed_at_once(self);
    return 1;
}

void input_close(struct input *input)
{
    if (!input)
        return;
    for (size_t i = 0; i < input->source_count; i++)
        source_close(&input->sources[i]);
    rest_release(&input->rest);
    glob_release(&input->glob);
    free(input->sources);
    free(input);
}

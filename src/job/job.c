#include <haul/base/memory.h>
#include <haul/job/job.h>

#include <stdlib.h>
#include <string.h>

static size_t string_size(struct slice slice)
{
    return slice.length > 0 ? slice.length + 1 : 0;
}

/* Copies to *next, which moves behind the copy; the memory there is zero. */
static const char *place(char **next, struct slice slice, const char *absent)
{
    char *string = *next;

    if (slice.length == 0)
        return absent;
    memcpy(string, slice.bytes, slice.length);
    *next += string_size(slice);
    return string;
}

struct job *job_open(const struct job_parts *parts)
{
    size_t memory = sizeof(struct job) + string_size(parts->source) + string_size(parts->url) +
                    string_size(parts->mirrors) + string_size(parts->output) + string_size(parts->id) +
                    string_size(parts->tag) + string_size(parts->matches) + string_size(parts->problem) +
                    string_size(parts->digest) + string_size(parts->expected) + string_size(parts->method) +
                    string_size(parts->headers) + string_size(parts->data) + string_size(parts->accept) +
                    string_size(parts->checks);
    struct job *job = memory_allocate(memory);
    char *next = (char *)(job + 1);

    job->memory = memory;
    job->index = parts->index;
    job->source = place(&next, parts->source, "");
    job->url = place(&next, parts->url, "");
    job->mirrors = place(&next, parts->mirrors, NULL);
    job->output = place(&next, parts->output, NULL);
    job->id = place(&next, parts->id, NULL);
    job->tag = place(&next, parts->tag, NULL);
    job->matches = place(&next, parts->matches, NULL);
    job->problem = place(&next, parts->problem, NULL);
    job->digest = place(&next, parts->digest, NULL);
    job->expected = place(&next, parts->expected, NULL);
    job->has_size = parts->has_size;
    job->size = parts->size;
    job->priority = parts->priority;
    job->method = place(&next, parts->method, NULL);
    job->headers = place(&next, parts->headers, NULL);
    job->has_data = parts->has_data;
    job->data_is_json = parts->data_is_json;
    job->data = (struct slice){place(&next, parts->data, ""), parts->data.length};
    job->accept = place(&next, parts->accept, NULL);
    job->checks = place(&next, parts->checks, NULL);
    return job;
}

void job_close(struct job *job)
{
    free(job);
}

static void read_fields(struct job_parts *parts, struct slice content)
{
    slice_cut(content, '\t', &parts->url, &parts->output);
    parts->url = slice_trim(parts->url);
    parts->output = slice_trim(parts->output);
    if (slice_has_control_character(parts->url)) {
        parts->url = (struct slice){0};
        parts->problem = SLICE("the URL has a control character in it");
    }
    if (slice_has_control_character(parts->output)) {
        parts->output = (struct slice){0};
        parts->problem = SLICE("the output name has a control character in it");
    }
}

struct job *job_from_line(struct slice line, uint64_t index, struct slice source)
{
    struct job_parts parts = {.index = index, .source = source};
    struct slice content = slice_trim(line);

    if (slice_starts_with(content, SLICE("#")))
        return NULL;
    if (line.length > JOB_LINE_MAXIMUM)
        parts.problem = SLICE("the line is too long");
    else if (content.length == 0)
        return NULL;
    else
        read_fields(&parts, content);
    return job_open(&parts);
}

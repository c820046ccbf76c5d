/* Lines of lists in each format: one is no job, or a job with a problem, or one that a record tells as it was. */
#include "../../src/input/manifest.h"
#include "../../src/input/sums.h"
#include "../../src/input/table.h"
#include "../../src/report/record.h"
#include "fuzz.h"

#include <haul/job/result.h>

#include <string.h>

#define SOURCE SLICE("list:1")
#define BASE   SLICE("https://example.org/")

static void must_be_a_job(const struct job *job)
{
    MUST(job->problem || job->url[0] != '\0');
    MUST(!slice_has_control_character(slice_of(job->url)));
    MUST(!job->output || !slice_has_control_character(slice_of(job->output)));
    MUST(!job->digest == !job->expected);
    MUST(!job->expected || strlen(job->expected) % 2 == 0);
    MUST(!job->has_size || job->size >= 0);
    MUST(job->priority >= JOB_PRIORITY_MINIMUM && job->priority <= JOB_PRIORITY_MAXIMUM);
}

static void print(const struct job *job, struct text *text)
{
    struct result result;

    result_init(&result, job);
    result.checksum.algorithm = job->digest;
    result.checksum.expected = job->expected;
    record_append(text, &result);
    result_release(&result);
}

/* haul-input(5): a line of a report is a job.  Headers and content are secrets that it does not tell. */
static void must_be_told(const struct job *job)
{
    CLEANUP(text_release) struct text told = {0}, again = {0};
    struct job *read;

    if (job->problem || job->headers || job->has_data)
        return;
    print(job, &told);
    read = manifest_job(text_slice(&told), job->index, SOURCE);
    if (read && read->problem)
        fprintf(stderr, "%s: %s", read->problem, told.bytes);
    MUST(read && !read->problem);
    print(read, &again);
    MUST(slice_equal(text_slice(&told), text_slice(&again)));
    job_close(read);
}

static void try_job(struct job *job)
{
    if (!job)
        return;
    must_be_a_job(job);
    must_be_told(job);
    job_close(job);
}

static void try_plain(struct slice line)
{
    CLEANUP(text_release) struct text written = {0};
    struct job *job = job_from_line(line, 1, SOURCE), *again;

    if (!job || job->problem || job->url[0] == '#')
        return job_close(job);
    text_append_string(&written, job->url);
    if (job->output)
        text_append_format(&written, "\t%s", job->output);
    again = job_from_line(text_slice(&written), 1, SOURCE);
    MUST(again && !again->problem && strcmp(job->url, again->url) == 0);
    MUST(!job->output == !again->output && (!job->output || strcmp(job->output, again->output) == 0));
    job_close(again);
    try_job(job);
}

static void try_table(struct slice rest, char separator)
{
    CLEANUP(text_release) struct text problem = {0};
    CLEANUP(arena_release) struct arena arena = {0};
    struct table table = {.separator = separator};
    bool usable = true;

    for (uint64_t number = 1; rest.length > 0 && usable; number++) {
        struct slice line = fuzz_next_line(&arena, &rest);

        table_is_header(line, separator);
        if (!table_add_line(&table, line, number))
            continue;
        if (table.columns > 0)
            try_job(table_job(&table, number, SOURCE));
        else
            usable = table_read_names(&table, &problem);
        MUST(usable == (problem.length == 0));
    }
    if (usable && table.in_quotes && table.columns > 0)
        try_job(table_job(&table, 1, SOURCE));
    table_release(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct slice rest = fuzz_slice(bytes, size);

    try_table(rest, ',');
    try_table(rest, '\t');
    while (rest.length > 0) {
        struct slice line = fuzz_next_line(&arena, &rest);

        try_job(manifest_job(line, 1, SOURCE));
        try_job(sums_job(line, BASE, 1, SOURCE));
        try_plain(line);
    }
    return 0;
}

#include "verify.h"

#include <haul/job/served_digest.h>

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

/* What the job's checks say of it. */
static bool digest_of_checks(const struct work *work, const char **ret_algorithm, const char **ret_hex)
{
    return work->checks && check_list_digest(work->checks, ret_algorithm, ret_hex);
}

const char *verify_problem(const struct work *work)
{
    const struct job *job = work->job;

    if (!job->digest)
        return NULL;
    if (strcmp(work->result.method, "HEAD") == 0)
        return "a checksum needs a body, and HEAD brings none";
    return output_digest_problem(job->digest, job->expected);
}

bool verify_needs_body(const struct batch_options *options, const struct work *work)
{
    const struct job *job = work->job;
    const char *algorithm, *hex;

    return job->digest || options->digest || job->has_size || options->minimum_size > 0 || options->maximum_size > 0 ||
           (work->checks && check_list_wants_body(work->checks)) || digest_of_checks(work, &algorithm, &hex);
}

const char *verify_digest(const struct batch_options *options, const struct work *work)
{
    const char *algorithm, *hex;

    if (work->job->digest)
        return work->job->digest;
    return digest_of_checks(work, &algorithm, &hex) ? algorithm : options->digest;
}

void verify_expect(const struct work *work, struct output *output)
{
    const struct job *job = work->job;
    const char *algorithm, *hex;

    if (job->digest)
        output_expect(output, job->digest, job->expected);
    else if (digest_of_checks(work, &algorithm, &hex))
        output_expect(output, algorithm, hex);
}

void verify_expect_told(const struct work *work, struct output *output)
{
    struct served_digest digests[SERVED_DIGESTS_MAXIMUM];
    size_t count = served_digests(&work->result.exchange, digests);

    output_forget_told(output);
    for (size_t i = 0; i < count; i++)
        output_expect_told(output, digests[i].header, digests[i].algorithm, digests[i].hex);
}

static void note_told(struct arena *arena, const struct output_told *told, struct check_outcome *outcome)
{
    outcome->name = arena_format(arena, "%s %s", told->source, told->algorithm);
    outcome->expected = arena_format(arena, "== %s", told->expected);
    outcome->found = arena_copy_string(arena, told->actual);
    if (told->actual)
        outcome->verdict = strcasecmp(told->actual, told->expected) == 0 ? CHECK_HELD : CHECK_FAILED;
}

void verify_note_told(struct work *work, const struct output *output)
{
    struct result *result = &work->result;
    struct check_outcome *outcomes;
    struct output_told told;
    unsigned count = 0;

    while (output_told(output, count, &told))
        count++;
    if (count == 0)
        return;
    outcomes = arena_allocate(&result->arena, (result->check_count + count) * sizeof *outcomes);
    for (unsigned i = 0; i < result->check_count; i++)
        outcomes[i] = result->checks[i];
    for (unsigned i = 0; i < count && output_told(output, i, &told); i++)
        note_told(&result->arena, &told, &outcomes[result->check_count + i]);
    result->checks = outcomes;
    result->check_count += count;
}

static int refuse_size(struct failure *failure, int64_t size, bool whole, const char *relation, int64_t limit)
{
    failure_set(failure, FAILURE_SIZE, 0, false, "%s%" PRId64 " bytes, %s %" PRId64, whole ? "" : "at least ", size,
                relation, limit);
    return -EIO;
}

int verify_size(const struct batch_options *options, const struct job *job, int64_t size, bool whole,
                struct failure *failure)
{
    if (options->maximum_size > 0 && size > options->maximum_size)
        return refuse_size(failure, size, whole, "more than the maximum of", options->maximum_size);
    if (job->has_size && (size > job->size || (whole && size < job->size)))
        return refuse_size(failure, size, whole, "not", job->size);
    if (whole && size < options->minimum_size)
        return refuse_size(failure, size, whole, "less than the minimum of", options->minimum_size);
    return 0;
}

/* The length of an encoded body is not that of what it expands to. */
int verify_announced(const struct batch_options *options, const struct work *work, struct failure *failure)
{
    const struct exchange *exchange = &work->result.exchange;

    if (exchange->content_length < 0 || exchange->response_code != 200 || exchange->expanded)
        return 0;
    return verify_size(options, work->job, exchange->content_length, true, failure);
}

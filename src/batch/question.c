#include "question.h"

#include <string.h>

const char *question_method(const struct batch_options *options, const struct job *job)
{
    if (job->method)
        return job->method;
    if (options->method)
        return options->method;
    return job->has_data ? "POST" : "GET";
}

const struct http_content *question_content(const struct batch_options *options, struct work *work)
{
    const struct job *job = work->job;

    if (!job->has_data)
        return job->method ? NULL : options->content;
    work->content.bytes = job->data;
    work->content.type = job->data_is_json ? "Content-Type: application/json" : NULL;
    return &work->content;
}

const char *question_problem(const struct batch_options *options, struct work *work)
{
    if (strcmp(work->result.method, "HEAD") != 0)
        return NULL;
    if (question_content(options, work))
        return "HEAD asks with no content";
    return options->mode == BATCH_CHECK ? NULL : "HEAD brings no body to save: add '--check'";
}

#include "question.h"
#include "hop.h"

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

const struct status_set *question_accept(const struct batch_options *options, struct work *work)
{
    if (work->job->accept)
        status_set_parse(slice_of(work->job->accept), &work->accept);
    else if (options->accept.given)
        return &options->accept;
    else if (work->checks && check_list_wants_status(work->checks))
        status_set_parse(SLICE("100..599"), &work->accept);
    return work->accept.given ? &work->accept : NULL;
}

struct http_request question_of(const struct batch_options *options, struct work *work)
{
    return (struct http_request){
        .url = work->asked,
        .secrets_for = work->url.origin,
        .method = work->result.method,
        .headers = work->job->headers,
        .content = question_content(options, work),
        .accept = question_accept(options, work),
        .came = &work->flight.came,
        .eager = options->mode == BATCH_STDOUT,
        .before_hop = hop_wait,
        .context = work,
    };
}

const char *question_problem(const struct batch_options *options, struct work *work)
{
    if (strcmp(work->result.method, "HEAD") != 0)
        return NULL;
    if (question_content(options, work))
        return "HEAD asks with no content";
    return options->mode == BATCH_CHECK ? NULL : "HEAD brings no body to save: add '--check'";
}

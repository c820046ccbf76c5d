#include "work.h"

#include <haul/base/memory.h>
#include <haul/batch/batch.h>

#include <stdlib.h>

struct work *work_open(struct batch *batch, struct job *job)
{
    struct work *work = memory_allocate(sizeof *work);

    work->batch = batch;
    work->job = job;
    work->asked = &work->url;
    work->places.mirrors = places_count_mirrors(job);
    result_init(&work->result, job);
    return work;
}

const char *work_answering_origin(struct work *work)
{
    const struct exchange *exchange = &work->result.exchange;
    const char *problem;
    struct http_url url;

    if (exchange->redirect_count == 0 ||
        !http_url_parse(&work->result.exchange_arena, exchange->url_effective, &url, &problem))
        return work->result.origin;
    return url.origin;
}

void batch_forget(struct result *result)
{
    work_close(LIST_MEMBER(result, struct work, result));
}

void work_close(struct work *work)
{
    result_release(&work->result);
    check_list_close(work->checks);
    text_release(&work->body);
    job_close(work->job);
    free(work);
}

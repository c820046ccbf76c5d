#include "work.h"

#include <haul/base/memory.h>

#include <stdlib.h>

struct work *work_open(struct batch *batch, struct job *job)
{
    struct work *work = memory_allocate(sizeof *work);

    work->batch = batch;
    work->job = job;
    result_init(&work->result, job);
    return work;
}

void work_close(struct work *work)
{
    result_release(&work->result);
    job_close(work->job);
    free(work);
}

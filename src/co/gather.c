#include "scheduler.h"

#include <haul/co/gather.h>

static int run_job(struct co_task *self, void *argument)
{
    struct co_job *job = argument;

    job->result = job->function(self, job->argument);
    return job->result;
}

static int start_jobs(struct co_task *self, struct co_group *group, struct co_job *jobs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int result = co_spawn_named(self, group, jobs[i].name, run_job, &jobs[i], NULL);

        if (result < 0)
            return result;
    }
    return 0;
}

int co_gather(struct co_task *self, struct co_job *jobs, size_t count, enum co_group_policy policy, unsigned limit)
{
    struct co_group group;

    for (size_t i = 0; i < count; i++)
        jobs[i].result = -ECANCELED;
    if (task_is_cancelled(self))
        return -ECANCELED;
    co_group_open(self, &group, policy, limit);
    return co_group_close(self, &group, start_jobs(self, &group, jobs, count));
}

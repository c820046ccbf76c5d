/* gather.h - several calls at the same time, their results in order.
 *
 *     struct co_job jobs[] = {
 *         {.function = fetch, .argument = "https://example.org/a"},
 *         {.function = fetch, .argument = "https://example.org/b"},
 *     };
 *     int result = co_gather(self, jobs, 2, CO_COLLECT, 0);      // jobs[0].result, jobs[1].result
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/group.h>
#include <haul/co/task.h>

#include <stddef.h>

CO_EXPORT_BEGIN

struct co_job {
    co_function *function;
    void *argument;
    const char *name; /* of its task; NULL for none */
    int result;       /* what the function returned; -ECANCELED when it was never called */
};

/* Runs each job as a task of its own and returns when all have ended.  They are started in order, at most `limit` at a
 * time; 0 is no limit.  Under CO_FAIL_FAST the first failure cancels the others; under CO_COLLECT nobody is cancelled.
 *
 * Gives 0; each job tells how it went.
 *
 * Fails under CO_FAIL_FAST as the first job that failed; -ENOMEM: not all could be started, and under CO_COLLECT those
 * that were have run to their end; -ECANCELED: the caller was cancelled, and with it a job. */
int co_gather(struct co_task *self, struct co_job *jobs, size_t count, enum co_group_policy policy, unsigned limit);

CO_EXPORT_END

/* gather.h - several calls at the same time, their results in order.
 *
 *     struct co_job jobs[] = {{fetch, "https://example.org/a"}, {fetch, "https://example.org/b"}};
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

/* Runs each job as a task of its own and returns when all have ended.  A limit above 0: so many at a time, started in
 * order.
 *
 * CO_FAIL_FAST: the first failure cancels the others and is what co_gather returns.  CO_COLLECT: nobody is cancelled;
 * 0, and each job tells how it went.  -ENOMEM: not all could be started; under CO_COLLECT those that were have run to
 * their end.  -ECANCELED: the caller was cancelled, and with it a job. */
int co_gather(struct co_task *self, struct co_job *jobs, size_t count, enum co_group_policy policy, unsigned limit);

CO_EXPORT_END

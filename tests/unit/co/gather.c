#include "run.h"
#include "shortage.h"

#include <haul/co/gather.h>

#define JOBS 5

struct errand {
    int milliseconds, result;
    int *living, *most;
    bool was_cancelled;
};

static int runs(struct co_task *self, void *argument)
{
    struct errand *errand = argument;
    int result;

    ++*errand->living;
    if (*errand->living > *errand->most)
        *errand->most = *errand->living;
    result = co_sleep(self, CO_MILLISECONDS(errand->milliseconds));
    --*errand->living;
    errand->was_cancelled = result == -ECANCELED;
    return result < 0 ? result : errand->result;
}

struct batch {
    struct errand errands[JOBS];
    struct co_job jobs[JOBS];
    int living, most;
};

/* The later the job, the earlier it ends; job i gives 10 * i. */
static void batch_init(struct batch *batch)
{
    batch->living = batch->most = 0;
    for (int i = 0; i < JOBS; i++) {
        batch->errands[i] = (struct errand){5 * (JOBS - i), 10 * i, &batch->living, &batch->most, false};
        batch->jobs[i] = (struct co_job){runs, &batch->errands[i], .result = 1};
    }
}

/* The first of them would go on for long, were they not cancelled. */
static void let_wait(struct batch *batch, int count)
{
    for (int i = 0; i < count; i++)
        batch->errands[i].milliseconds = 60000;
}

CO_TEST(gather, gives_the_results_in_the_order_of_the_jobs)
{
    struct batch batch;

    batch_init(&batch);
    cr_expect_eq(co_gather(self, batch.jobs, JOBS, CO_FAIL_FAST, 0), 0);
    for (int i = 0; i < JOBS; i++)
        cr_expect_eq(batch.jobs[i].result, 10 * i);
    cr_expect_eq(batch.most, JOBS);
    cr_expect_eq(co_gather(self, NULL, 0, CO_FAIL_FAST, 0), 0);
}

CO_TEST(gather, runs_no_more_at_a_time_than_the_limit)
{
    struct batch batch;

    batch_init(&batch);
    cr_expect_eq(co_gather(self, batch.jobs, JOBS, CO_COLLECT, 2), 0);
    cr_expect_eq(batch.most, 2);
    for (int i = 0; i < JOBS; i++)
        cr_expect_eq(batch.jobs[i].result, 10 * i);
}

CO_TEST(gather, failing_fast_cancels_the_others_and_gives_the_failure)
{
    struct batch batch;

    batch_init(&batch);
    let_wait(&batch, 4);
    batch.errands[4].result = -EIO;
    cr_expect_eq(co_gather(self, batch.jobs, JOBS, CO_FAIL_FAST, 0), -EIO);
    cr_expect_eq(batch.jobs[4].result, -EIO);
    for (int i = 0; i < 4; i++)
        cr_expect(batch.jobs[i].result == -ECANCELED && batch.errands[i].was_cancelled);
    cr_expect_eq(batch.living, 0);
}

CO_TEST(gather, failing_fast_does_not_begin_what_waits_for_the_limit)
{
    struct batch batch;

    batch_init(&batch);
    batch.errands[0].result = -EIO;
    cr_expect_eq(co_gather(self, batch.jobs, JOBS, CO_FAIL_FAST, 1), -EIO);
    for (int i = 1; i < JOBS; i++)
        cr_expect(batch.jobs[i].result == -ECANCELED && !batch.errands[i].was_cancelled);
}

CO_TEST(gather, collecting_cancels_nobody_and_gives_each_result)
{
    struct batch batch;

    batch_init(&batch);
    batch.errands[4].result = -EIO;
    batch.errands[2].result = -ENOENT;
    cr_expect_eq(co_gather(self, batch.jobs, JOBS, CO_COLLECT, 0), 0);
    for (int i = 0; i < JOBS; i++)
        cr_expect_eq(batch.jobs[i].result, i == 4 ? -EIO : i == 2 ? -ENOENT : 10 * i);
}

CO_TEST(gather, a_cancel_reaches_every_job)
{
    for (int policy = CO_FAIL_FAST; policy <= CO_COLLECT; policy++) {
        for (unsigned limit = 0; limit < 2; limit++) {
            struct batch batch;
            struct co_scope scope;
            int result;

            batch_init(&batch);
            let_wait(&batch, JOBS);
            co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
            result = co_gather(self, batch.jobs, JOBS, (enum co_group_policy)policy, limit);
            cr_expect_eq(result, -ECANCELED);
            cr_expect_eq(co_scope_end(self, &scope, result), -ETIMEDOUT);
            for (int i = 0; i < JOBS; i++)
                cr_expect_eq(batch.jobs[i].result, -ECANCELED);
            cr_expect_eq(batch.living, 0);
        }
    }
}

CO_TEST(gather, a_cancelled_task_begins_no_job)
{
    struct batch batch;
    struct co_scope scope;

    batch_init(&batch);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_gather(self, batch.jobs, JOBS, CO_COLLECT, 0), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    cr_expect_eq(batch.jobs[0].result, -ECANCELED);
    cr_expect_eq(batch.most, 0);
}

CO_TEST(gather, that_cannot_start_all_says_so_and_collecting_lets_those_that_began_end)
{
    struct stack_pool kept;
    struct batch batch;

    batch_init(&batch);
    kept = shortage_begin(self, true);
    cr_expect_eq(co_gather(self, batch.jobs, JOBS, CO_COLLECT, 0), -ENOMEM);
    shortage_end(self, kept);
    cr_expect_eq(batch.jobs[0].result, 0);
    cr_expect_eq(batch.jobs[1].result, -ECANCELED);
    cr_expect_eq(batch.most, 1);
}

/* What is called and awaited: gather, wait, as completed, generators, timeouts and shields, threads. */
#include "co.h"

#include <haul/co/callback.h>
#include <haul/co/gather.h>
#include <haul/co/generator.h>
#include <haul/co/thread.h>
#include <haul/co/wait.h>

#define CHILDREN 4

static bool is_crowded(const struct worker *worker)
{
    return worker->depth >= DEPTH_MAXIMUM || worker->model->task_count >= TASKS_MAXIMUM;
}

static void init_children(struct worker *worker, struct child *children, int *living)
{
    for (int i = 0; i < CHILDREN; i++)
        children[i] = (struct child){
            .worker = {.model = worker->model, .depth = worker->depth + 1},
            .living = living,
        };
}

static void check_jobs(const struct model *model, const struct co_job *jobs, const struct child *children, int result)
{
    bool failed = false;

    for (int i = 0; i < CHILDREN; i++) {
        must(model, children[i].ran || jobs[i].result == -ECANCELED, "a job that was never called has a result");
        failed = failed || jobs[i].result == result;
    }
    must(model, result == 0 || failed, "gathering gave a failure that no job had");
}

int model_gather(struct worker *worker)
{
    struct model *model = worker->model;
    bool fail_fast = one_in(model, 2);
    struct child children[CHILDREN];
    struct co_job jobs[CHILDREN];
    int living = 0, result;

    if (is_crowded(worker))
        return 0;
    init_children(worker, children, &living);
    for (int i = 0; i < CHILDREN; i++)
        jobs[i] = (struct co_job){.function = model_child_main, .argument = &children[i], .name = "job"};
    result =
        AWAIT(worker, co_gather(worker->task, jobs, CHILDREN, fail_fast ? CO_FAIL_FAST : CO_COLLECT, below(model, 3)));
    for (int i = 0; i < CHILDREN; i++)
        living += children[i].ran;
    must(model, living == 0, "a gather returned while a job ran");
    must(model, result == 0 || result == -ECANCELED || fail_fast, "a collecting gather failed");
    check_jobs(model, jobs, children, result);
    return result;
}

/* Tasks with handles in a group of their own. */
struct crew {
    struct co_group group;
    struct child children[CHILDREN];
    struct co_task *handles[CHILDREN];
    int count, living;
};

static int crew_open(struct worker *worker, struct crew *crew)
{
    int result = 0;

    crew->count = crew->living = 0;
    init_children(worker, crew->children, &crew->living);
    co_group_open(worker->task, &crew->group, CO_COLLECT, 0);
    while (crew->count < CHILDREN && result == 0) {
        result = AWAIT(worker, co_spawn_named(worker->task, &crew->group, "crew", model_child_main,
                                              &crew->children[crew->count], &crew->handles[crew->count]));
        crew->count += result == 0;
    }
    return result;
}

static int crew_close(struct worker *worker, struct crew *crew, int result)
{
    if (one_in(worker->model, 3))
        co_group_cancel(&crew->group);
    result = co_group_close(worker->task, &crew->group, result);
    for (int i = 0; i < crew->count; i++)
        crew->living += crew->children[i].ran;
    must(worker->model, crew->living == 0, "a group was closed while a task of it lived");
    return result == -ECANCELED ? co_check(worker->task) : result;
}

static bool has_ended(const struct co_task *task)
{
    return co_task_state(task) == CO_FINISHED || co_task_state(task) == CO_CANCELLED;
}

static void check_done(const struct model *model, const struct crew *before, struct co_task *const *tasks, int done)
{
    for (int i = 0; i < before->count; i++) {
        int times = 0;

        for (int k = 0; k < before->count; k++)
            times += tasks[k] == before->handles[i];
        must(model, times == 1, "a wait lost a task");
    }
    for (int i = 0; i < done; i++)
        must(model, has_ended(tasks[i]), "a wait called a task done that was not");
}

int model_wait_for_some(struct worker *worker)
{
    struct model *model = worker->model;
    bool has_deadline = one_in(model, 2);
    enum co_wait_until until = below(model, 3);
    struct co_task *tasks[CHILDREN];
    struct crew crew;
    int result;

    if (is_crowded(worker))
        return 0;
    result = crew_open(worker, &crew);
    if (result < 0)
        return crew_close(worker, &crew, result);
    for (int i = 0; i < crew.count; i++)
        tasks[i] = crew.handles[i];
    result = AWAIT(worker,
                   co_wait(worker->task, tasks, CHILDREN, until, has_deadline ? model_soon(model, 300) : CO_FOREVER));
    if (result >= 0) {
        check_done(model, &crew, tasks, result);
        must(model, has_deadline || result > 0, "a wait for ever ended with nothing");
        must(model, has_deadline || until != CO_ALL_DONE || result == CHILDREN, "a wait for all ended with some");
    }
    for (int i = 0; i < result; i++)
        AWAIT(worker, co_join(worker->task, tasks[i]) < 0 ? co_check(worker->task) : 0);
    return crew_close(worker, &crew, result < 0 ? result : 0);
}

static void check_given(const struct model *model, struct crew *crew, struct co_task *given)
{
    for (int i = 0; i < crew->count; i++) {
        if (crew->handles[i] != given)
            continue;
        must(model, has_ended(given), "a task was given as completed that was not");
        crew->handles[i] = NULL;
        return;
    }
    fail(model, "a task was given twice");
}

int model_take_as_completed(struct worker *worker)
{
    struct model *model = worker->model;
    struct co_task *given;
    struct crew crew;
    int result, taken = 0;

    if (is_crowded(worker))
        return 0;
    result = crew_open(worker, &crew);
    while (result >= 0 && !one_in(model, 8)) {
        struct worker_scope own;

        model_scope_begin(worker, &own, model_soon(model, 500), false);
        result = AWAIT(worker, co_group_next(worker->task, &crew.group, &given));
        if (result == 1) {
            check_given(model, &crew, given);
            taken++;
        }
        must(model, result != 0 || taken == crew.count, "a group had no task left before all were given");
        if (model_scope_end(worker, &own, result) <= 0)
            break;
    }
    return crew_close(worker, &crew, result == -ECANCELED ? co_check(worker->task) : 0);
}

struct source {
    struct worker worker;
    long emitted, taken;
};

/* Not told to others: only closing cancels it. */
static int emit_items(struct co_task *self, struct co_generator *generator, void *argument)
{
    struct source *source = argument;
    struct model *model = source->worker.model;

    source->worker.task = self;
    for (unsigned i = below(model, 5); i > 0; i--) {
        struct item *item = calloc(1, sizeof *item);
        int result;

        must(model, item, "no memory");
        model->made++;
        result = AWAIT(&source->worker, co_generator_emit(self, generator, item));
        if (result < 0) {
            model->kept++;
            free(item);
            return result;
        }
        source->emitted++;
        if (one_in(model, 3) && model_pause(&source->worker) < 0)
            return -ECANCELED;
    }
    return one_in(model, 3) ? -EIO : 0;
}

static int next_item(struct worker *worker, struct co_generator *generator, struct source *source)
{
    struct worker_scope own;
    void *item = NULL;
    int result;

    model_scope_begin(worker, &own, one_in(worker->model, 2) ? CO_FOREVER : model_soon(worker->model, 200), false);
    result = AWAIT(worker, co_generator_next(worker->task, generator, &item));
    must(worker->model, (result == 1) == (item != NULL), "a generator gave an item and no success, or the reverse");
    if (item) {
        model_take(worker->model, item);
        source->taken++;
    }
    return model_scope_end(worker, &own, result);
}

int model_generate(struct worker *worker)
{
    struct model *model = worker->model;
    struct source source = {.worker = {.model = model, .depth = worker->depth + 1}};
    struct co_generator generator;
    int result = 1;

    if (is_crowded(worker))
        return 0;
    co_generator_open(worker->task, &generator, emit_items, &source);
    while ((result == 1 || (result == -ETIMEDOUT && co_check(worker->task) == 0)) && !one_in(model, 6))
        result = next_item(worker, &generator, &source);
    result = co_generator_close(worker->task, &generator);
    must(model, result == 0 || result == -EIO, "a generator gave another result than its function");
    must(model, source.taken - source.emitted <= 0, "a generator gave an item that was not emitted");
    must(model, source.emitted == source.taken, "an item was taken from its generator and given to nobody");
    return co_check(worker->task);
}

static int do_something_else(struct co_task *self, void *argument)
{
    struct worker *worker = argument;

    must(worker->model, self == worker->task, "a call is made by another task");
    return model_do_something(worker);
}

int model_call_in_scope(struct worker *worker)
{
    int64_t nanoseconds = (int64_t)below(worker->model, 300) * 1000;

    if (one_in(worker->model, 2))
        return judge(worker, false, co_shield(worker->task, nanoseconds, do_something_else, worker));
    return judge(worker, false, co_timeout(worker->task, nanoseconds, do_something_else, worker));
}

struct loan {
    struct model *model;
    volatile int counter;
    int result;
};

static int use_loan(void *argument, const struct co_token *token)
{
    struct loan *loan = argument;

    for (int i = 0; i < 1000 && !co_token_cancelled(token); i++)
        loan->counter++;
    return loan->result;
}

static void drop_loan(void *argument)
{
    struct loan *loan = argument;

    loan->model->dropped++;
    free(loan);
}

int model_lend_to_thread(struct worker *worker)
{
    struct model *model = worker->model;
    struct loan *loan = calloc(1, sizeof *loan);
    int result;

    must(model, loan, "no memory");
    loan->model = model;
    loan->result = one_in(model, 4) ? -EIO : 0;
    model->lent++;
    model->threads++;
    result = AWAIT(worker, co_to_thread_abandon(worker->task, use_loan, loan, drop_loan));
    if (result == -ECANCELED)
        return result;
    must(model, loan->result == result, "work gave another result");
    model->given_back++;
    free(loan);
    return result;
}

struct letter {
    struct co_callback callback;
    struct co_runtime *runtime;
    struct model *model;
};

static void on_letter(struct co_callback *callback)
{
    struct letter *letter = LIST_MEMBER(callback, struct letter, callback);

    letter->model->posted++;
    co_event_set(&letter->model->event);
    co_runtime_let_go(letter->runtime);
    free(letter);
}

static int post_letter(void *argument, const struct co_token *token)
{
    struct letter *letter = argument;

    (void)token;
    co_post(letter->runtime, &letter->callback);
    return 0;
}

/* From a thread, or from this one; nobody waits for it to arrive. */
int model_post(struct worker *worker)
{
    struct model *model = worker->model;
    struct letter *letter = calloc(1, sizeof *letter);

    must(model, letter, "no memory");
    *letter = (struct letter){{.function = on_letter}, co_task_runtime(worker->task), model};
    co_runtime_hold(letter->runtime);
    model->posts++;
    if (one_in(model, 2))
        return post_letter(letter, NULL);
    model->threads++;
    return co_to_thread_shielded(worker->task, post_letter, letter);
}

static int count_up(void *argument, const struct co_token *token)
{
    (void)token;
    ++*(volatile int *)argument;
    return 7;
}

int model_queue_work(struct worker *worker)
{
    volatile int counter = 0;
    int result = AWAIT(worker, co_work_queue_run(worker->task, worker->model->work_queue, count_up, (void *)&counter));

    must(worker->model, counter == (result == 7), "a piece of work was not done once");
    worker->model->threads++;
    return result < 0 ? result : 0;
}

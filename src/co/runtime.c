#include "callback.h"
#include "debug.h"
#include "dispatch.h"

#include <haul/co/inspect.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef CO_SANITIZED
#define STACK_SIZE_DEFAULT (512 * 1024) /* instrumented frames are several times as large */
#else
#define STACK_SIZE_DEFAULT (128 * 1024)
#endif
#define STACK_SIZE_MINIMUM      (16 * 1024)
#define STACK_SIZE_MAXIMUM      (64 * 1024 * 1024)

#define HOLD_GRACE_MILLISECONDS 5000 /* for what nobody waits for any more, before it is mentioned */
#define DEADLOCKS_MAXIMUM       1000 /* one after the other, each broken by a cancel */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Tests only: brings any ready task to the front. */
static void shuffle(struct co_runtime *runtime)
{
    struct co_task **place = &runtime->first_ready, *chosen;
    size_t count = 0;

    for (struct co_task *task = runtime->first_ready; task; task = task->next_ready)
        count++;
    if (count < 2)
        return;
    for (size_t steps = next_random(&runtime->shuffle) % count; steps > 0; steps--)
        place = &(*place)->next_ready;
    chosen = *place;
    if (place == &runtime->first_ready)
        return;
    *place = chosen->next_ready;
    if (!*place)
        runtime->last_ready = place;
    chosen->next_ready = runtime->first_ready;
    runtime->first_ready = chosen;
}

void scheduler_step_in(struct co_runtime *runtime)
{
    if (runtime->debug)
        debug_turn_ends(runtime);
    if (runtime->shuffle)
        shuffle(runtime);
}

bool scheduler_poll_is_due(struct co_runtime *runtime)
{
    if (runtime->debug)
        debug_turn_ends(runtime);
    runtime->switches_to_check = POLL_CHECK_SWITCHES;
    runtime->statistics.switches += POLL_CHECK_SWITCHES;
    return uv_hrtime() - runtime->last_poll >= POLL_INTERVAL_NANOSECONDS;
}

void co_completed_at_once(struct co_task *self)
{
    if (UNLIKELY(++self->runtime->completions >= COMPLETIONS_IN_A_ROW))
        dispatch_pass(self);
}

static void task_main(struct switch_point *parked)
{
    struct co_task *task = LIST_MEMBER(parked, struct co_task, parked);
    struct co_runtime *runtime = task->runtime;

    annotate_arrive(NULL, &runtime->thread);
    task->result = task->function(task, task->argument);
    if (UNLIKELY(task->scope != &task->base || !list_is_empty(&task->base.children)))
        misuse_task_end(task);
    task->ended = true;
    scope_detach(&task->base);
    runtime->statistics.live--;
    /* From here the stack may be back in the pool, but nobody takes it before the switch. */
    group_task_ended(task);
    dispatch_switch(runtime, &task->parked, NULL, dispatch_next(runtime));
    __builtin_unreachable();
}

struct co_task *task_create(struct co_runtime *runtime, struct co_scope *parent, const char *name,
                            co_function *function, void *argument)
{
    struct co_task *task = (struct co_task *)stack_take(&runtime->stacks);

    if (!task)
        return NULL;
    task->runtime = runtime;
    task->waiter = NULL;
    task->joiner = NULL;
    task->watch = NULL;
    task->scope = &task->base;
    task->group = NULL;
    task->function = function;
    task->argument = argument;
    task->saved_errno = 0;
    task->ended = task->handle = false;
    task->name[0] = '\0';
    if (name)
        snprintf(task->name, sizeof task->name, "%s", name);
    scope_attach(&task->base, task, parent, false);
    switch_prepare(&task->parked, stack_top(&task->stack), task_main);
    runtime->statistics.live++;
    runtime->statistics.spawned++;
    scheduler_make_ready(task);
    return task;
}

void task_free(struct co_task *task)
{
    stack_give_back(&task->runtime->stacks, &task->stack);
}

static void run_ready(struct co_runtime *runtime)
{
    struct co_task *next = dispatch_take_ready(runtime);

    if (!next)
        return;
    runtime->completions = 0;
    runtime->statistics.switches++;
    dispatch_switch(runtime, &runtime->scheduler_parked, &runtime->scheduler_fake_stack, next);
    annotate_arrive(runtime->scheduler_fake_stack, NULL);
}

static void on_loop_timer(uv_timer_t *timer)
{
    struct co_runtime *runtime = timer->data;

    runtime->loop_timer_moment = CO_FOREVER;
    uv_stop(runtime->loop); /* libuv before 1.45 runs timers before it polls: it must not wait after this */
}

/* libuv counts whole milliseconds from the loop's own notion of now, which since 1.45 it takes for the wait as it
 * stands: up, so as not to wake before the moment. */
static void arm_loop_timer(struct co_runtime *runtime)
{
    int64_t next = timers_next(runtime), left;

    uv_update_time(runtime->loop);
    if (next == runtime->loop_timer_moment)
        return;
    runtime->loop_timer_moment = next;
    if (next == CO_FOREVER) {
        uv_timer_stop(&runtime->loop_timer);
        return;
    }
    left = next - co_now();
    uv_timer_start(&runtime->loop_timer, on_loop_timer, left > 0 ? (uint64_t)(left + 999999) / 1000000 : 0, 0);
}

/* Timers come after the look at the descriptors: what a task has set up for at once is begun knowing what has come. */
static void poll_loop(struct co_runtime *runtime)
{
    if (runtime->first_ready || !list_is_empty(&runtime->soon)) {
        uv_run(runtime->loop, UV_RUN_NOWAIT);
    } else {
        arm_loop_timer(runtime);
        uv_run(runtime->loop, UV_RUN_ONCE);
    }
    runtime->last_poll = uv_hrtime();
    runtime->statistics.switches += (uint64_t)(POLL_CHECK_SWITCHES - runtime->switches_to_check);
    runtime->switches_to_check = POLL_CHECK_SWITCHES;
    runtime->statistics.polls++;
    timers_expire(runtime);
}

/* Nothing is ready or to be called, no timer runs, the loop has nothing under way. */
static bool nothing_can_happen(struct co_runtime *runtime)
{
    return !runtime->first_ready && list_is_empty(&runtime->soon) && timers_next(runtime) == CO_FOREVER &&
           !uv_loop_alive(runtime->loop);
}

static void print_deadlock(struct co_runtime *runtime)
{
    dprintf(STDERR_FILENO, "co: deadlock, every task waits:\n");
    if (runtime->debug)
        co_dump(runtime, STDERR_FILENO);
    else
        co_runtime_print_tasks(runtime, STDERR_FILENO);
}

/* All are cancelled.  Clean-ups may wait for each other in turn: then their shields do not hold either.  False when
 * some do not end even so. */
static bool break_deadlock(struct co_runtime *runtime)
{
    struct co_scope *root = &runtime->first_task->base;

    if (runtime->deadlocks++ == 0) {
        print_deadlock(runtime);
        co_scope_cancel(root);
        return true;
    }
    if (runtime->deadlocks < DEADLOCKS_MAXIMUM && scope_cancel_shields_too(root))
        return true;
    dprintf(STDERR_FILENO, "co: given up, cancelling does not end these:\n");
    co_dump(runtime, STDERR_FILENO);
    return false;
}

static int schedule(struct co_runtime *runtime)
{
    while (!runtime->first_task->ended) {
        run_ready(runtime);
        if (runtime->first_task->ended)
            break;
        callbacks_call(runtime);
        if (nothing_can_happen(runtime)) {
            if (!break_deadlock(runtime))
                return -EDEADLK;
            continue;
        }
        poll_loop(runtime);
    }
    return runtime->deadlocks ? -EDEADLK : runtime->first_task->result;
}

static size_t stack_size(const struct co_run_options *options)
{
    size_t size = options ? options->stack_size : 0;
    const char *text = getenv("CO_STACK_SIZE");

    if (size == 0 && text)
        size = strtoul(text, NULL, 10);
    if (size == 0)
        return STACK_SIZE_DEFAULT;
    if (size < STACK_SIZE_MINIMUM)
        return STACK_SIZE_MINIMUM;
    return size > STACK_SIZE_MAXIMUM ? STACK_SIZE_MAXIMUM : size;
}

static void on_dump_signal(uv_signal_t *signal, int number)
{
    (void)number;
    co_dump(signal->data, STDERR_FILENO);
}

static void dump_signal_init(struct co_runtime *runtime, bool wanted)
{
    if (!wanted || uv_signal_init(runtime->loop, &runtime->dump_signal) < 0)
        return;
    runtime->dumps = true;
    runtime->dump_signal.data = runtime;
    uv_unref((uv_handle_t *)&runtime->dump_signal);
    uv_signal_start(&runtime->dump_signal, on_dump_signal, SIGUSR1);
}

static int runtime_init(struct co_runtime *runtime, uv_loop_t *loop, const struct co_run_options *options)
{
    int result;

    *runtime = (struct co_runtime){
        .loop = loop,
        .last_ready = &runtime->first_ready,
        .thread_errno = &errno,
        .switches_to_check = POLL_CHECK_SWITCHES,
        .loop_timer_moment = CO_FOREVER,
        .last_poll = uv_hrtime(),
        .shuffle = options ? options->shuffle : 0,
        .debug = debug_is_wanted(),
    };
    runtime->watched = runtime->debug || runtime->shuffle;
    result = callbacks_init(runtime);
    if (result < 0)
        return result;
    stack_pool_init(&runtime->stacks, stack_size(options), sizeof(struct co_task));
    annotate_thread(&runtime->thread);
    uv_timer_init(loop, &runtime->loop_timer);
    runtime->loop_timer.data = runtime;
    dump_signal_init(runtime, runtime->debug || (options && options->dump_on_sigusr1));
    overflow_watch_begin(runtime);
    interrupt_watch_begin(runtime, options);
    return 0;
}

static void on_grace_over(uv_timer_t *timer)
{
    struct co_runtime *runtime = timer->data;

    dprintf(STDERR_FILENO, "co: all tasks have ended; still waiting for %zu look-ups or pieces of work in threads\n",
            runtime->holds);
}

/* They were left to themselves, but still point here. */
static void await_holders(struct co_runtime *runtime)
{
    if (runtime->holds > 0)
        uv_timer_start(&runtime->loop_timer, on_grace_over, HOLD_GRACE_MILLISECONDS, 0);
    callbacks_finish(runtime);
}

/* What was closed still needs a turn of the loop.  Tasks that never ended keep their stacks: frames of theirs may be
 * known elsewhere. */
static void runtime_release(struct co_runtime *runtime)
{
    interrupt_watch_end(runtime);
    await_holders(runtime);
    callbacks_release(runtime);
    uv_close((uv_handle_t *)&runtime->loop_timer, NULL);
    if (runtime->dumps)
        uv_close((uv_handle_t *)&runtime->dump_signal, NULL);
    uv_run(runtime->loop, UV_RUN_NOWAIT);
    overflow_watch_end(runtime);
    if (runtime->first_task && !runtime->first_task->ended)
        return;
    if (runtime->first_task)
        task_free(runtime->first_task);
    stack_pool_release(&runtime->stacks);
}

static int run_on_loop(uv_loop_t *loop, co_function *function, void *argument, const struct co_run_options *options)
{
    struct co_runtime runtime;
    int result = runtime_init(&runtime, loop, options);

    if (result < 0)
        return result;
    result = -ENOMEM;
    runtime.first_task = task_create(&runtime, NULL, "main", function, argument);
    if (runtime.first_task)
        result = schedule(&runtime);
    runtime_release(&runtime);
    return result;
}

static void print_open_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        fprintf(stderr, "co: a %s was left open\n", uv_handle_type_name(uv_handle_get_type(handle)));
}

int co_run(co_function *main_function, void *argument, const struct co_run_options *options)
{
    uv_loop_t loop;
    int result;

    if (options && options->ret_interrupt)
        *options->ret_interrupt = 0;
    if (options && options->loop)
        return run_on_loop(options->loop, main_function, argument, options);
    result = uv_loop_init(&loop);
    if (result < 0)
        return result;
    result = run_on_loop(&loop, main_function, argument, options);
    uv_run(&loop, UV_RUN_NOWAIT);
    if (uv_loop_close(&loop) < 0)
        uv_walk(&loop, print_open_handle, NULL);
    return result;
}

uv_loop_t *co_runtime_loop(struct co_runtime *runtime)
{
    return runtime->loop;
}

void co_runtime_statistics(const struct co_runtime *runtime, struct co_statistics *ret_statistics)
{
    *ret_statistics = runtime->statistics;
    ret_statistics->stacks = runtime->stacks.made;
    ret_statistics->unguarded = runtime->stacks.unguarded;
    ret_statistics->switches += (uint64_t)(POLL_CHECK_SWITCHES - runtime->switches_to_check);
    ret_statistics->parked = 0;
    for (const struct co_task *task = task_first(runtime); task; task = task_after(task))
        ret_statistics->parked += task->waiter != NULL;
}

/* uv_strerror allocates, for ever, when it does not know the number. */
const char *co_error_text(int result)
{
    if (result == -ECANCELED)
        return "operation cancelled";
    switch (result) {
#define TEXT(name, text)                                                                                               \
    case UV_##name:                                                                                                    \
        return text;
        UV_ERRNO_MAP(TEXT)
#undef TEXT
    default:
        return strerror(-result);
    }
}

const char *co_library_version(void)
{
    return uv_version_string();
}

/* runtime.h - one libuv loop, the tasks on it and the order they run in.
 *
 * One runtime per thread; tasks never move to another.  Ready tasks run first-in first-out.  The loop is polled when
 * nothing is ready, and at least every 64 switches once 50 µs have gone by, so that busy tasks do not starve timers
 * and sockets.  An await that completes at once does not yield, but 128 in a row do.
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>

#include <stddef.h>

CO_EXPORT_BEGIN

typedef struct uv_loop_s uv_loop_t;

struct co_run_options {
    uv_loop_t *loop; /* NULL: a private one, closed at the end */
    /* Bytes per task, brought between 16 KiB and 64 MiB; 0: CO_STACK_SIZE from the environment, else 128 KiB (more
     * under sanitizers). */
    size_t stack_size;
    uint64_t shuffle;         /* for tests: not 0 makes the order of ready tasks random, with this seed */
    bool dump_on_sigusr1;     /* see inspect.h */
    bool cancel_on_interrupt; /* SIGINT (^C) and SIGTERM cancel the first task; see co_run */
    int *ret_interrupt;       /* the number of the one that came, else 0, in any case; NULL: not wanted */
};

/* Runs main_function as the first task and returns when it and everything it left behind has ended: also look-ups and
 * work in threads that were left to themselves (resolve.h, thread.h).  Options may be NULL.
 *
 * When every task waits for something that cannot come, that is a deadlock: they are printed and all cancelled, and
 * their clean-ups run.  Clean-ups that then wait for each other are cancelled through their shields.  A socket, a
 * timer, a thread, a process, a signal and a hold (callback.h) can come: while a task waits for one of those, there is
 * no deadlock, unless it is a signal that only stands by (signal.h).
 *
 * On a loop of its own it ends with a look at what was left open there, and a line on standard error for each: "co: a
 * tcp was left open" is a stream or a listener that nobody closed, "a pipe" a stream to a process; "a signal" and "a
 * process" are what they say.  Which one is not told, and the result does not change.
 *
 * Shuffled, the tasks run in an order that only the seed and the moments of outside events decide: a test that passes
 * with many seeds does not lean on the order, and one that fails fails again with its seed.
 *
 * With cancel_on_interrupt, the first SIGINT or SIGTERM cancels the first task and all it started, as asyncio.run does
 * with SIGINT: clean-ups run, and the result is usually -ECANCELED.  A second one ends the process, as does one that
 * comes when the first task has ended.  A signal that is ignored or handled by somebody else when co_run begins is left
 * to them.  Without it the first one ends the process and no clean-up runs.
 *
 * While a runtime runs and nobody else handles SIGSEGV, a task that overflows its stack is named before the process
 * dies of it.
 *
 * Gives what main_function gave.
 *
 * Fails as main_function did; -EDEADLK: there was a deadlock; -ENOMEM, -EMFILE and the like: the runtime could not
 * start. */
int co_run(co_function *main_function, void *argument, const struct co_run_options *options);

/* For a handle of libuv's own; close it before co_run returns. */
uv_loop_t *co_runtime_loop(struct co_runtime *runtime);

struct co_statistics {
    size_t live;      /* tasks that have not ended */
    size_t parked;    /* of them, waiting */
    size_t stacks;    /* ever made */
    size_t unguarded; /* of them, without a guard page because the kernel refused one */
    uint64_t spawned, switches, polls;
};

/* Counts tasks by visiting them, so not for every turn. */
void co_runtime_statistics(const struct co_runtime *runtime, struct co_statistics *ret_statistics);

/* "operation cancelled" and the like for any result below 0, a negative errno or one of libuv's UV_EAI_*.  The text is
 * nobody's to free and lives for ever; that of a number which means nothing, until this thread asks for another. */
const char *co_error_text(int result);

/* libuv's: "1.44.2". */
const char *co_library_version(void);

CO_EXPORT_END

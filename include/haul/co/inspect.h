/* inspect.h - looking inside a running program: which tasks there are, what each waits for, where it stands.
 *
 * All of it is for the thread of the runtime: from a task, or from a callback of the loop.
 *
 * From outside: a runtime whose options say dump_on_sigusr1 answers SIGUSR1 with co_dump on standard error, as soon as
 * the running task gives way; one that never does is a case for a debugger (config/co-gdb.py).  With CO_DEBUG=1 in the
 * environment every runtime does, and a task that held the loop for over 100 ms is named, calls from another thread
 * abort, and a deadlock is printed with stacks.
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/runtime.h>
#include <haul/co/task.h>

#include <stddef.h>
#include <stdint.h>

CO_EXPORT_BEGIN

/* How many tasks have not ended; the first `capacity` of them are put into `tasks`, each before those in its groups.
 * A pointer is good until the caller waits. */
size_t co_all_tasks(const struct co_runtime *runtime, struct co_task **tasks, size_t capacity);

/* Whose group it is in; NULL for the first task. */
struct co_task *co_task_parent(const struct co_task *task);

/* "a lock" and the like; NULL when it does not wait. */
const char *co_task_waits_for(const struct co_task *task);

/* The moment it began to wait; measured at the turns of the loop, so up to one turn too early. */
int64_t co_task_waits_since(const struct co_task *task);

/* How much of its stack has been touched, in whole pages, by the task or by those that had the stack before it. */
size_t co_stack_peak(const struct co_task *task);

/* On descriptor `fd`, as a tree, a line for each task that has not ended and for each group: name, state, what it waits
 * for and how long it has.  A task without a name has its function's, or the place of that for addr2line. */
void co_runtime_print_tasks(const struct co_runtime *runtime, int fd);

/* The same, and below each task its C stack.  Functions that the linker does not export have no names here but places,
 * as "haul+0x1234" for addr2line.  It takes a little room on each stack: those that are nearly full are left out. */
void co_dump(const struct co_runtime *runtime, int fd);

CO_EXPORT_END

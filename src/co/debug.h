/* debug.h - what a program does wrong, told with the names of its tasks. */
#pragma once

#include "scheduler.h"
#include "trace.h"

/* CO_DEBUG=1 in the environment. */
bool debug_is_wanted(void);

/* In debug mode: before the running task gives way, or the scheduler to the first task of its turn. */
void debug_turn_ends(struct co_runtime *runtime) __attribute__((cold));
void debug_check_thread(const struct co_runtime *runtime) __attribute__((cold));

/* In debug mode: tells of a deadline so long past that a duration must have been meant. */
void debug_check_moment(const struct co_task *self, int64_t moment) __attribute__((cold));

/* Going on would not be safe: "co: task 'NAME' ...", where it happened, and abort. */
_Noreturn void misuse(const struct co_task *task, const char *format, ...) __attribute__((cold, format(printf, 2, 3)));
_Noreturn void misuse_not_running(const struct co_task *task) __attribute__((cold));
_Noreturn void misuse_scope_end(const struct co_task *self, const struct co_scope *scope) __attribute__((cold));
_Noreturn void misuse_task_end(const struct co_task *task) __attribute__((cold));

static inline void check_running(const struct co_task *self)
{
    if (UNLIKELY(self != self->runtime->running))
        misuse_not_running(self);
}

struct place task_label(const struct co_task *task); /* its name, or its function's */

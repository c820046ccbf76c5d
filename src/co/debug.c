#include "debug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HELD_TOO_LONG CO_MILLISECONDS(100)
#define LONG_PAST     CO_SECONDS(60)

bool debug_is_wanted(void)
{
    const char *value = getenv("CO_DEBUG");

    return value && strcmp(value, "1") == 0;
}

struct place task_label(const struct co_task *task)
{
    struct place label;

    if (task->name[0])
        snprintf(label.text, sizeof label.text, "%s", task->name);
    else
        place_find((void *)task->function, &label);
    return label;
}

void debug_turn_ends(struct co_runtime *runtime)
{
    struct co_task *task = runtime->running;
    int64_t now = co_now(), held = now - runtime->turn_began;

    debug_check_thread(runtime);
    runtime->turn_began = now;
    if (!task)
        return;
    task->waiting_since = now;
    if (held > HELD_TOO_LONG)
        dprintf(STDERR_FILENO, "co: task '%s' held the loop for %lld ms\n", task_label(task).text,
                (long long)(held / CO_MILLISECONDS(1)));
}

void debug_check_moment(const struct co_task *self, int64_t moment)
{
    if (moment > 0 && moment < co_now() - LONG_PAST)
        dprintf(STDERR_FILENO,
                "co: task '%s' has a deadline that was over %lld s ago: it is a moment, co_after(nanoseconds)\n",
                task_label(self).text, (long long)((co_now() - moment) / CO_SECONDS(1)));
}

void misuse(const struct co_task *task, const char *format, ...)
{
    struct trace trace;
    va_list arguments;

    dprintf(STDERR_FILENO, "co: task '%s' ", task_label(task).text);
    va_start(arguments, format);
    vdprintf(STDERR_FILENO, format, arguments);
    va_end(arguments);
    dprintf(STDERR_FILENO, "\n");
    trace_callers(&trace, __builtin_frame_address(0));
    trace_print(&trace, STDERR_FILENO, 4);
    abort();
}

void misuse_not_running(const struct co_task *task)
{
    const struct co_runtime *runtime = task->runtime;

    if (runtime->thread_errno != &errno)
        misuse(task, "has its runtime used by another thread");
    if (!runtime->running)
        misuse(task, "is the self of a call, but no task runs now");
    misuse(task, "is the self of a call, but it is '%s' that runs", task_label(runtime->running).text);
}

/* One task stands for whoever called, which cannot be known. */
void debug_check_thread(const struct co_runtime *runtime)
{
    if (runtime->thread_errno != &errno)
        misuse(runtime->running ? runtime->running : runtime->first_task, "has its runtime used by another thread");
}

static const char *kind_of(const struct co_scope *scope)
{
    return scope_group(scope) ? "group" : "scope";
}

static struct place first_inside(const struct co_scope *scope)
{
    return task_label(LIST_MEMBER(scope->children.next, struct co_scope, link)->task);
}

void misuse_scope_end(const struct co_task *self, const struct co_scope *scope)
{
    if (scope->task != self)
        misuse(self, "ended a %s that task '%s' had begun", kind_of(scope), task_label(scope->task).text);
    if (self->scope != scope)
        misuse(self, "ended a %s before another that it had begun inside", kind_of(scope));
    misuse(self, "ended a %s in which task '%s' still lives", kind_of(scope), first_inside(scope).text);
}

void misuse_task_end(const struct co_task *task)
{
    if (!list_is_empty(&task->scope->children))
        misuse(task, "ended inside a %s of its own in which task '%s' still lives", kind_of(task->scope),
               first_inside(task->scope).text);
    misuse(task, "ended inside a scope or group that it had begun");
}

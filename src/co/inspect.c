#include "debug.h"

#include <haul/co/inspect.h>

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEPTH_SHOWN_MAXIMUM 30 /* deeper ones are not indented further */

struct co_task *task_first(const struct co_runtime *runtime)
{
    return runtime->first_task->ended ? NULL : runtime->first_task;
}

struct co_task *task_after(const struct co_task *task)
{
    const struct co_scope *root = &task->runtime->first_task->base;
    struct co_scope *scope = scope_after(&task->base, root, true);

    while (scope && !scope_is_outermost(scope))
        scope = scope_after(scope, root, true);
    return scope ? scope->task : NULL;
}

const struct co_group *scope_group(const struct co_scope *scope)
{
    LIST_EACH (link, &scope->children) {
        const struct co_scope *child = LIST_MEMBER(link, struct co_scope, link);

        if (scope_is_outermost(child))
            return child->task->group;
    }
    return NULL;
}

size_t co_all_tasks(const struct co_runtime *runtime, struct co_task **tasks, size_t capacity)
{
    size_t count = 0;

    for (struct co_task *task = task_first(runtime); task; task = task_after(task)) {
        if (count < capacity)
            tasks[count] = task;
        count++;
    }
    return count;
}

struct co_task *co_task_parent(const struct co_task *task)
{
    return task->base.parent ? task->base.parent->task : NULL;
}

const char *co_task_waits_for(const struct co_task *task)
{
    return task->waiter ? task->waiter->what : NULL;
}

int64_t co_task_waits_since(const struct co_task *task)
{
    return task->waiting_since;
}

/* Stacks grow down, and a page that was touched has memory: the first from below that has some is the peak. */
size_t co_stack_peak(const struct co_task *task)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *end = (char *)task, *at = task->stack.bottom;
    unsigned char resident[64];

    while (at < end) {
        size_t pages = ((size_t)(end - at) + page - 1) / page, seen = pages < sizeof resident ? pages : sizeof resident,
               i = 0;

        if (mincore(at, seen * page, resident) < 0)
            return 0;
        while (i < seen && !(resident[i] & 1))
            i++;
        at += i * page;
        if (i < seen)
            break;
    }
    return at < end ? (size_t)(end - at) : 0;
}

struct printer {
    int fd;
    int64_t now;
    const void *caller; /* the frame it called from */
    bool stacks;
    struct trace trace, previous;
};

static int indentation(const struct co_scope *scope)
{
    int depth = 1;

    while ((scope = scope->parent) && depth < DEPTH_SHOWN_MAXIMUM)
        depth += scope_is_outermost(scope) || scope_group(scope);
    return 2 * depth;
}

static void print_group(const struct printer *printer, const struct co_group *group)
{
    dprintf(printer->fd, "%*sgroup of %u", indentation(&group->scope), "", group->live);
    if (group->limit > 0)
        dprintf(printer->fd, ", at most %u", group->limit);
    dprintf(printer->fd, "%s\n", group->scope.effective ? ", cancelled" : "");
}

static void print_task(const struct printer *printer, const struct co_task *task)
{
    const char *cancelled = task->scope->effective ? ", cancelled" : "";
    int64_t milliseconds = (printer->now - task->waiting_since) / CO_MILLISECONDS(1);

    dprintf(printer->fd, "%*stask '%s' ", indentation(&task->base), "", task_label(task).text);
    if (task->waiter)
        dprintf(printer->fd, "waits for %s (%lld.%03d s%s)\n", task->waiter->what, (long long)milliseconds / 1000,
                (int)(milliseconds % 1000), cancelled);
    else
        dprintf(printer->fd, "is %s%s\n", task == task->runtime->running ? "running" : "ready", cancelled);
}

static bool is_same(const struct trace *a, const struct trace *b)
{
    return a->count == b->count && memcmp(a->calls, b->calls, a->count * sizeof a->calls[0]) == 0;
}

static void print_stack(struct printer *printer, struct co_task *task)
{
    int columns = indentation(&task->base) + 4;

    if (task == task->runtime->running) {
        trace_callers(&printer->trace, printer->caller);
    } else if (!trace_task(&printer->trace, task)) {
        dprintf(printer->fd, "%*s(its stack is nearly full)\n", columns, "");
        return;
    }
    if (is_same(&printer->trace, &printer->previous))
        dprintf(printer->fd, "%*s(the same)\n", columns, "");
    else
        trace_print(&printer->trace, printer->fd, columns);
    printer->previous = printer->trace;
}

static void print_scope(struct printer *printer, const struct co_scope *scope)
{
    const struct co_group *group = scope_group(scope);

    if (scope_is_outermost(scope)) {
        print_task(printer, scope->task);
        if (printer->stacks)
            print_stack(printer, scope->task);
    }
    if (group)
        print_group(printer, group);
}

static void print_tree(const struct co_runtime *runtime, struct printer *printer)
{
    const struct co_scope *root = &runtime->first_task->base;

    printer->now = co_now();
    if (runtime->first_task->ended)
        return;
    for (const struct co_scope *scope = root; scope; scope = scope_after(scope, root, true))
        print_scope(printer, scope);
}

void co_runtime_print_tasks(const struct co_runtime *runtime, int fd)
{
    print_tree(runtime, &(struct printer){.fd = fd});
}

void co_dump(const struct co_runtime *runtime, int fd)
{
    struct printer printer = {.fd = fd, .caller = __builtin_frame_address(0), .stacks = true};

    dprintf(fd, "co: all tasks (%zu):\n", runtime->statistics.live);
    trace_callers(&printer.trace, printer.caller); /* the unwinder's first use takes more of a stack than later ones */
    print_tree(runtime, &printer);
}

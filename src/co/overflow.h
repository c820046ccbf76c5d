/* overflow.h - names the task whose stack has overflowed, before the process dies of it.
 *
 * The handler of SIGSEGV belongs to the process: it is there while any runtime runs, if nobody else had one before.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

struct co_runtime;

struct overflow_watch {
    struct co_runtime *next; /* of those that run, on any thread */
    void *alternate_stack;   /* NULL: the thread had one */
    char message_end[64];
};

void overflow_watch_begin(struct co_runtime *runtime);
void overflow_watch_end(struct co_runtime *runtime);

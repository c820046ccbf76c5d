/* trace.h - C stacks, as the addresses of the calls in them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define TRACE_FRAMES_MAXIMUM 48

struct co_task;

struct trace {
    size_t count;
    void *calls[TRACE_FRAMES_MAXIMUM]; /* innermost first; in the call, not behind it */
};

/* The callers of the function whose __builtin_frame_address(0) is given. */
void trace_callers(struct trace *trace, const void *frame);

/* Of a task that does not run.  False when its stack has no room left for looking. */
bool trace_task(struct trace *trace, struct co_task *task);

void trace_print(const struct trace *trace, int fd, int indentation);

/* An address for people and addr2line: "function (haul+0x3456)", or what is known of that. */
struct place {
    char text[160];
};

void place_find(const void *address, struct place *ret_place);

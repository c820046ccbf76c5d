/* interrupt.h - SIGINT and SIGTERM as a cancel of the first task. */
#pragma once

#include <stdbool.h>
#include <uv.h>

struct co_runtime;
struct co_run_options;

struct interrupt_watch {
    uv_signal_t signals[2];
    bool open[2];
    int *ret_signal;
};

void interrupt_watch_begin(struct co_runtime *runtime, const struct co_run_options *options);
void interrupt_watch_end(struct co_runtime *runtime);

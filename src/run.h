/* run.h - one run: opens the rooms, lets the batch go, tells the end, closes in reverse. */
#pragma once

#include <haul/cli/options.h>
#include <haul/co/task.h>

struct run {
    const struct options *options;
    int exit_code; /* of haul(1) */
};

/* A task for co_run; `argument` is a struct run.  Prints what went wrong. */
int run_main(struct co_task *self, void *argument);

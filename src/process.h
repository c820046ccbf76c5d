/* process.h - what a process must have in order before it does anything else. */
#pragma once

#include <haul/cli/options.h>

/* Descriptors 0 to 2 are open, a write to a closed pipe or past a size limit is an error and not a death. */
void process_prepare(void);

/* Before the first work for a thread: the pool has as many as the run can use. */
void process_size_pool(const struct options *options);

/* Between these two, a library that gives up for lack of threads or descriptors ends the process with a sentence and
 * status 5, not with a signal. */
void process_starts(void);
void process_has_started(void);

/* Whoever started this process had the signal ignored, and wants it to stay so: nohup(1) does that with SIGHUP, and a
 * script with SIGINT for what it runs in the background. */
bool process_ignores(int signal);

/* As many descriptors as the kernel allows, and room for those that the run can use: to be called before there are
 * threads.  Fewer jobs at a time, and a line that says so, when that is too few. */
void process_raise_limits(struct options *options);

/* process.h - child processes: start, wait, signal.
 *
 *     static const char *const arguments[] = {"sha256sum", "--", "file", NULL};
 *     struct co_process_options options = {.arguments = arguments, .output = {.kind = CO_CHANNEL_PIPE}};
 *     struct co_process *process;
 *     int result = co_process_open(co_task_runtime(self), &options, &process);
 *     if (result == 0) {
 *         result = co_read_line(self, co_process_output(process), &line);
 *         status = co_process_wait(self, process, NULL);
 *         co_process_close(process);
 *     }
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/co/export.h>
#include <haul/co/stream.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

enum co_channel_kind {
    CO_CHANNEL_INHERIT,    /* what this process has there */
    CO_CHANNEL_NULL,       /* /dev/null */
    CO_CHANNEL_PIPE,       /* a stream to this process */
    CO_CHANNEL_DESCRIPTOR, /* `fd`, which stays the caller's */
};

struct co_channel {
    enum co_channel_kind kind;
    int fd;
};

struct co_process_options {
    const char *const *arguments;   /* the first is the program, looked for in PATH; ends with NULL */
    const char *const *environment; /* of "NAME=value", ends with NULL; NULL: that of this process */
    const char *directory;          /* to start in; NULL: where this process is */
    struct co_channel input, output, error;
};

struct co_process;

/* Starts a program.  The options may go at once.  On success *ret_process is the caller's, to be closed.
 *
 * Fails with -ENOENT: no such program or directory; -EACCES: not one to be run; -EBADF, -EINVAL: no such descriptor;
 * -EAGAIN, -EMFILE and the like: what fork(2), pipe(2) and execvp(3) say; -ENOMEM. */
int co_process_open(struct co_runtime *runtime, const struct co_process_options *options,
                    struct co_process **ret_process);

/* The system's number for it; when it has ended the system may give that to another.
 *
 * Gives a number above 0. */
int co_process_id(const struct co_process *process);

/* This end of a CO_CHANNEL_PIPE, NULL for the others.  Belongs to the process and is closed with it; an end of input is
 * told by co_stream_shut_down.  Each goes one way: reading from the input fails with -ENOTCONN, writing to the other
 * two with -EPIPE. */
struct co_stream *co_process_input(struct co_process *process);
struct co_stream *co_process_output(struct co_process *process);
struct co_stream *co_process_error(struct co_process *process);

/* Waits until it has ended; returns at once when it has.  Any number of tasks may wait.  Cancelling only ends the
 * waiting.
 *
 * Gives its exit status, 0 to 255; 128 + the signal when one ended it, as shells have it, and then that signal in
 * *ret_signal, otherwise 0 there (NULL is fine).
 *
 * Fails when cancelled. */
int co_process_wait(struct co_task *self, struct co_process *process, int *ret_signal);

/* Sends it a signal: kill(2).
 *
 * Fails with -ESRCH: it has ended; -EINVAL: no such signal; -EPERM: it runs as somebody else. */
int co_process_signal(struct co_process *process, int number);

/* Kills it if it has not ended, and does not wait: co_run sees to it that nothing is left of it.  Nobody may be waiting
 * for it or using its streams; NULL is fine. */
void co_process_close(struct co_process *process);
CLEANUP_FUNCTION(co_process_close, struct co_process *)

CO_EXPORT_END

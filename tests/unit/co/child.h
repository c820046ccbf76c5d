/* child.h - a runtime in a process of its own, for what it does when it dies, and what it says on standard error. */
#pragma once

#include "run.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
    int result;      /* what co_run gave, when it came back */
    int signal;      /* that ended it; 0: none */
    char text[8192]; /* what it said */
};

static inline void child_live(const int ends[2], co_function *function, void *argument,
                              const struct co_run_options *options)
{
    int result;

    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    dup2(ends[1], STDERR_FILENO);
    signal(SIGSEGV, SIG_DFL);
    signal(SIGABRT, SIG_DFL);
    result = co_run(function, argument, options);
    _exit(-result);
}

/* The result is 0 or a negative errno. */
static inline struct child child_run(co_function *function, void *argument, const struct co_run_options *options)
{
    struct child child = {.signal = 0};
    int ends[2], status = 0;
    size_t length = 0;
    ssize_t count;
    pid_t pid;

    cr_assert_eq(pipe(ends), 0);
    pid = fork();
    if (pid == 0)
        child_live(ends, function, argument, options);
    close(ends[1]);
    while ((count = read(ends[0], child.text + length, sizeof child.text - 1 - length)) > 0)
        length += (size_t)count;
    close(ends[0]);
    waitpid(pid, &status, 0);
    child.result = WIFEXITED(status) ? -WEXITSTATUS(status) : 0;
    child.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return child;
}

/* Usage: on_terminal COMMAND...
 *
 * Runs COMMAND with a terminal of 120 columns for standard error, reads what it draws there and forgets it; ends as the
 * command does. */
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void drain(int terminal)
{
    char bytes[65536];

    while (read(terminal, bytes, sizeof bytes) > 0) /* EIO when the last writer has gone */
        continue;
}

static int run_on(int terminal, char **command)
{
    setenv("TERM", "xterm-256color", 1);
    if (dup2(terminal, STDERR_FILENO) < 0)
        return 127;
    close(terminal);
    execvp(command[0], command);
    return 127;
}

int main(int argc, char **argv)
{
    const struct winsize size = {.ws_row = 40, .ws_col = 120};
    int ours, theirs, status = 0;
    pid_t child;

    if (argc < 2 || openpty(&ours, &theirs, NULL, NULL, &size) < 0)
        return 127;
    child = fork();
    if (child == 0) {
        close(ours);
        return run_on(theirs, argv + 1);
    }
    close(theirs);
    drain(ours);
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

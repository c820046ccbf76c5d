/* Usage: timed CORES RESULT COMMAND...
 *
 * Runs COMMAND on the cores of the mask CORES (0: any) with as many descriptors as may be, and writes one line to the
 * file RESULT: wait status, wall seconds, CPU seconds (user + system), peak resident KiB.
 *
 * A program of its own because a child inherits the peak of the process that starts it: beside an interpreter that has
 * just written a list of a million lines, every client would look large. */
#include <errno.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static int restrict_to(unsigned long mask)
{
    cpu_set_t cores;

    CPU_ZERO(&cores);
    for (size_t core = 0; core < 8 * sizeof mask; core++)
        if (mask >> core & 1)
            CPU_SET(core, &cores);
    return mask == 0 ? 0 : sched_setaffinity(0, sizeof cores, &cores);
}

static int raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &limit);
}

static int run(char **command, FILE *result)
{
    struct rusage usage;
    double start = now();
    pid_t child;
    int status = posix_spawnp(&child, command[0], NULL, NULL, command, environ);

    if (status != 0) {
        fprintf(stderr, "timed: cannot run '%s': %s\n", command[0], strerror(status));
        return EXIT_FAILURE;
    }
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return EXIT_FAILURE;
    fprintf(result, "%d %.9f %.6f %ld\n", status, now() - start, seconds(&usage.ru_utime) + seconds(&usage.ru_stime),
            usage.ru_maxrss);
    return fclose(result) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    FILE *result;

    if (argc < 4) {
        fprintf(stderr, "usage: timed CORES RESULT COMMAND...\n");
        return EXIT_FAILURE;
    }
    result = fopen(argv[2], "we");
    if (result == NULL || restrict_to(strtoul(argv[1], NULL, 0)) < 0 || raise_descriptors() < 0) {
        fprintf(stderr, "timed: cannot prepare: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return run(argv + 3, result);
}

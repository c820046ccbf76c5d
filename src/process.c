#include "process.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define THREADS             "8" /* for files and look-ups: enough to overlap waiting, too few to crowd two processors */
#define KEPT_MEMORY         (16 * 1024 * 1024) /* buffers come and go with bodies: not back to the kernel each time */
#define DESCRIPTORS_BESIDES 64                 /* the loop, the inputs, the reports, files being written */

/* A socket that got one of these numbers would be taken for the terminal.  What was closed stays useless: reading from
 * it, or writing to it, is an error. */
static void occupy_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void process_prepare(void)
{
    occupy_standard_descriptors();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    setenv("UV_THREADPOOL_SIZE", THREADS, 0);
    mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
    mallopt(M_MMAP_THRESHOLD, KEPT_MEMORY);
}

void process_raise_limits(struct options *options)
{
    struct rlimit limit;
    unsigned room;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= options->batch.jobs + DESCRIPTORS_BESIDES)
        return;
    room = limit.rlim_cur > DESCRIPTORS_BESIDES ? (unsigned)limit.rlim_cur - DESCRIPTORS_BESIDES : 1;
    if (!options->report.quiet)
        fprintf(stderr, "haul: %u jobs at a time, not %u: only %llu descriptors are allowed\n", room,
                options->batch.jobs, (unsigned long long)limit.rlim_cur);
    options->batch.jobs = options->http.concurrency = options->report.jobs = room;
}

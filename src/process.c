#include "process.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define THREADS             8 /* for files and digests: enough to overlap waiting, too few to crowd two processors */
#define THREADS_LEAST       2 /* one may wait for who reads standard output */
#define KEPT_MEMORY         (16 * 1024 * 1024) /* buffers come and go with bodies: not back to the kernel each time */
#define EXIT_LOCAL          5
#define DESCRIPTORS_BESIDES 64 /* the loop, the inputs, the reports, look-ups, lost races between addresses */

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
    mallopt(M_TRIM_THRESHOLD, KEPT_MEMORY);
    mallopt(M_MMAP_THRESHOLD, KEPT_MEMORY);
}

/* Of a list, or of what may stand for many, nobody knows yet; to make threads for few takes longer than their work. */
static unsigned threads_wanted(const struct input_options *input)
{
    unsigned count = 0;

    if (input->files[0] || input->retry_failed)
        return THREADS;
    for (; input->urls[count] && count < THREADS; count++)
        if (strpbrk(input->urls[count], "[{"))
            return THREADS;
    return count > THREADS_LEAST ? count : THREADS_LEAST;
}

void process_size_pool(const struct options *options)
{
    unsigned wanted = threads_wanted(&options->input), segments = options->batch.segments;
    char size[16];

    if (wanted < segments)
        wanted = segments < THREADS ? segments : THREADS;
    snprintf(size, sizeof size, "%u", wanted);
    setenv("UV_THREADPOOL_SIZE", size, 0);
}

static void on_abort(int number)
{
    static const char line[] = "haul: cannot start: the system gives no more threads or descriptors\n";
    ssize_t written = write(STDERR_FILENO, line, sizeof line - 1);

    (void)number;
    (void)written;
    _exit(EXIT_LOCAL);
}

void process_starts(void)
{
    signal(SIGABRT, on_abort);
}

void process_has_started(void)
{
    signal(SIGABRT, SIG_DFL);
}

bool process_ignores(int signal)
{
    struct sigaction action;

    return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* Beside its connection, which may stay open longer: a part file and the folder that it lies in, and the file that is
 * sent. */
static unsigned descriptors_of_a_job(const struct options *options)
{
    const struct http_content *content = options->batch.content;

    return (options->batch.mode == BATCH_SAVE ? 2 : 0) + (content && content->parts ? 1 : 0);
}

/* For so many descriptors: few jobs share what is there with no idle connections, more take whole shards of them. */
static unsigned jobs_within(const struct options *options, rlim_t descriptors)
{
    rlim_t room = descriptors > DESCRIPTORS_BESIDES ? descriptors - DESCRIPTORS_BESIDES : 0;
    unsigned jobs = (unsigned)(room / (http_client_connections_each(&options->http) + descriptors_of_a_job(options)));

    if (jobs > CLIENT_SHARD_TRANSFERS)
        jobs -= jobs % CLIENT_SHARD_TRANSFERS;
    return jobs > 0 ? jobs : 1;
}

static rlim_t descriptors_wanted(const struct options *options)
{
    unsigned jobs = options->batch.jobs;

    return DESCRIPTORS_BESIDES + options->batch.parts_kept * descriptors_of_a_job(options) +
           http_client_connections(&options->http) + (rlim_t)jobs * descriptors_of_a_job(options);
}

/* The kernel's table of descriptors grows by doubling.  Once threads share it, each time makes whoever opens a
 * descriptor wait until all processors have let go of the old one, for 10 ms and more where they are busy. */
static void make_room_for(rlim_t descriptors)
{
    int last = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, (int)descriptors - 1);

    if (last >= 0)
        close(last);
}

void process_raise_limits(struct options *options)
{
    rlim_t wanted = descriptors_wanted(options);
    struct rlimit limit;
    unsigned jobs;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    make_room_for(wanted < limit.rlim_cur ? wanted : limit.rlim_cur);
    if (limit.rlim_cur >= wanted)
        return;
    options->http.few_descriptors = true;
    options->batch.parts_kept = 0;
    jobs = jobs_within(options, limit.rlim_cur);
    if (jobs >= options->batch.jobs)
        return;
    if (!options->report.quiet)
        fprintf(stderr, "haul: %u job%s at a time, not %u: only %llu descriptors are allowed\n", jobs,
                jobs == 1 ? "" : "s", options->batch.jobs, (unsigned long long)limit.rlim_cur);
    options->batch.jobs = options->http.concurrency = options->report.jobs = jobs;
}

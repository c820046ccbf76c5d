/* Preloaded into a program, makes every server faster than whoever reads: a look at one connection that does not want
 * to wait waits for more nevertheless.  The most bytes that came from one connection between two looks at all of them
 * are written to the file FLOOD_MOST. */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define EXPORT              __attribute__((visibility("default")))
#define DESCRIPTORS_MAXIMUM 1024

static size_t taken[DESCRIPTORS_MAXIMUM];
static size_t most;

/* Not by the library, whose place others take too.  haul's poll() asks through this one. */
EXPORT int ppoll(struct pollfd *descriptors, nfds_t count, const struct timespec *time, const sigset_t *signals)
{
    bool glances = count == 1 && time && time->tv_sec == 0 && time->tv_nsec == 0;
    struct timespec left = glances ? (struct timespec){.tv_nsec = 100000000} : time ? *time : (struct timespec){0};

    return (int)syscall(SYS_ppoll, descriptors, count, time ? &left : NULL, signals, _NSIG / 8);
}

EXPORT ssize_t recv(int descriptor, void *bytes, size_t size, int flags)
{
    ssize_t length = syscall(SYS_recvfrom, descriptor, bytes, size, flags, NULL, NULL);

    if (length > 0 && !(flags & MSG_PEEK) && descriptor < DESCRIPTORS_MAXIMUM) {
        taken[descriptor] += (size_t)length;
        most = taken[descriptor] > most ? taken[descriptor] : most;
    }
    return length;
}

EXPORT int epoll_pwait(int descriptor, struct epoll_event *events, int count, int milliseconds, const sigset_t *signals)
{
    memset(taken, 0, sizeof taken);
    return (int)syscall(SYS_epoll_pwait, descriptor, events, count, milliseconds, signals, _NSIG / 8);
}

EXPORT int epoll_wait(int descriptor, struct epoll_event *events, int count, int milliseconds)
{
    return epoll_pwait(descriptor, events, count, milliseconds, NULL);
}

static __attribute__((destructor)) void end(void)
{
    const char *path = getenv("FLOOD_MOST");
    FILE *file = path ? fopen(path, "w") : NULL;

    if (file) {
        fprintf(file, "%zu\n", most);
        fclose(file);
    }
}

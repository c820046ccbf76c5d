/* Preloaded into a program, counts how often it looks at one connection alone whether there is something to read, and
 * how often it sends, and writes both to the file GLANCES.  What a look at all of them finds it is told so many
 * milliseconds later as LOOK_TAKES says. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static unsigned long glances, sends;

static int note(struct pollfd *descriptors, nfds_t count, const struct timespec *time, const sigset_t *signals)
{
    struct timespec left = time ? *time : (struct timespec){0};

    glances += count == 1 && time && time->tv_sec == 0 && time->tv_nsec == 0 && !(descriptors->events & POLLOUT);
    return (int)syscall(SYS_ppoll, descriptors, count, time ? &left : NULL, signals, _NSIG / 8);
}

static int note_plain(struct pollfd *descriptors, nfds_t count, int milliseconds)
{
    struct timespec time = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};

    return note(descriptors, count, milliseconds < 0 ? NULL : &time, NULL);
}

/* The C library declares that what they are given is written only. */
__attribute__((alias("note"), visibility("default"))) int ppoll(struct pollfd *, nfds_t, const struct timespec *,
                                                                const sigset_t *);
__attribute__((alias("note_plain"), visibility("default"))) int poll(struct pollfd *, nfds_t, int);

EXPORT ssize_t recv(int descriptor, void *bytes, size_t size, int flags)
{
    glances += (flags & MSG_PEEK) != 0;
    return syscall(SYS_recvfrom, descriptor, bytes, size, flags, NULL, NULL);
}

EXPORT ssize_t send(int descriptor, const void *bytes, size_t size, int flags)
{
    sends++;
    return syscall(SYS_sendto, descriptor, bytes, size, flags, NULL, 0);
}

EXPORT int epoll_pwait(int descriptor, struct epoll_event *events, int count, int milliseconds, const sigset_t *signals)
{
    int found = (int)syscall(SYS_epoll_pwait, descriptor, events, count, milliseconds, signals, _NSIG / 8);
    const char *takes = getenv("LOOK_TAKES");

    if (takes)
        usleep((useconds_t)atoi(takes) * 1000);
    return found;
}

EXPORT int epoll_wait(int descriptor, struct epoll_event *events, int count, int milliseconds)
{
    return epoll_pwait(descriptor, events, count, milliseconds, NULL);
}

static __attribute__((destructor)) void end(void)
{
    const char *path = getenv("GLANCES");
    FILE *file = path ? fopen(path, "w") : NULL;

    if (file) {
        fprintf(file, "%lu %lu\n", glances, sends);
        fclose(file);
    }
}

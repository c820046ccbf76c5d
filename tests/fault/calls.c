/* Preloaded into a program, makes the nth call of a kind fail.  Told by the environment:
 *
 *     FAULT_KIND     memory, map, open, descriptor, write, stdout, name, sync, socket, connect, send, receive,
 *                    thread, status
 *     FAULT_AT       which call of that kind: 1 is the first
 *     FAULT_ERRNO    the number that it fails with
 *     FAULT_LASTS    set: all calls after it fail too
 *     FAULT_REACHED  a file that is made when the call was reached
 *
 * Of memory only what the program itself, libuv and libcurl ask for counts: other libraries ask first for much that no
 * run needs.  Of writes only those to regular files count, and those to standard output by themselves: libuv wakes
 * itself with writes that cannot fail.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT         __attribute__((visibility("default")))
#define RANGES_MAXIMUM 32

struct range {
    uintptr_t begin, end;
};

static struct range ranges[RANGES_MAXIMUM]; /* where those stand whose calls for memory count */
static size_t range_count;
static const char *kind;
static long at;
static int number;
static bool lasts;
static atomic_long calls;

static void add_ranges(const struct dl_phdr_info *object)
{
    for (size_t i = 0; i < object->dlpi_phnum && range_count < RANGES_MAXIMUM; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];

        if (part->p_type == PT_LOAD && (part->p_flags & PF_X))
            ranges[range_count++] =
                (struct range){object->dlpi_addr + part->p_vaddr, object->dlpi_addr + part->p_vaddr + part->p_memsz};
    }
}

static int look_at_object(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    if (object->dlpi_name[0] == '\0' || strstr(object->dlpi_name, "libuv.") || strstr(object->dlpi_name, "libcurl"))
        add_ranges(object);
    return 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *which = getenv("FAULT_AT"), *with = getenv("FAULT_ERRNO");

    dl_iterate_phdr(look_at_object, NULL);
    at = which ? atol(which) : 0;
    number = with ? atoi(with) : EIO;
    lasts = getenv("FAULT_LASTS") != NULL;
    kind = getenv("FAULT_KIND");
}

static void note_reached(void)
{
    const char *path = getenv("FAULT_REACHED");

    if (path)
        syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY, 0666));
}

static bool fails(const char *of_kind)
{
    long call;

    if (!kind || strcmp(kind, of_kind) != 0)
        return false;
    call = atomic_fetch_add(&calls, 1) + 1;
    if (call < at || (call > at && !lasts))
        return false;
    if (call == at)
        note_reached();
    errno = number;
    return true;
}

static bool counts(const void *caller)
{
    for (size_t i = 0; i < range_count; i++)
        if ((uintptr_t)caller >= ranges[i].begin && (uintptr_t)caller < ranges[i].end)
            return true;
    return false;
}

static bool memory_fails(const void *caller)
{
    return kind && counts(caller) && fails("memory");
}

#define CALLER __builtin_return_address(0)

/* The real one, in `real`. */
#define REAL(result, name, ...)                                                                                        \
    static result (*real)(__VA_ARGS__);                                                                                \
    if (!real)                                                                                                         \
    real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

EXPORT void *malloc(size_t size)
{
    REAL(void *, malloc, size_t);
    return memory_fails(CALLER) ? NULL : real(size);
}

EXPORT void *calloc(size_t count, size_t size)
{
    REAL(void *, calloc, size_t, size_t);
    return memory_fails(CALLER) ? NULL : real(count, size);
}

EXPORT void *realloc(void *old, size_t size)
{
    REAL(void *, realloc, void *, size_t);
    return memory_fails(CALLER) ? NULL : real(old, size);
}

EXPORT char *strdup(const char *string)
{
    REAL(char *, strdup, const char *);
    return memory_fails(CALLER) ? NULL : real(string);
}

#define MMAP(name)                                                                                                     \
    EXPORT void *name(void *address, size_t length, int protection, int flags, int fd, off64_t offset)                 \
    {                                                                                                                  \
        REAL(void *, name, void *, size_t, int, int, int, off64_t);                                                    \
        return kind && counts(CALLER) && fails("map") ? MAP_FAILED                                                     \
                                                      : real(address, length, protection, flags, fd, offset);          \
    }

MMAP(mmap)
MMAP(mmap64)

static mode_t mode_of(int flags, va_list arguments)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name)                                                                                                     \
    EXPORT int name(const char *path, int flags, ...)                                                                  \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        mode_t mode;                                                                                                   \
        REAL(int, name, const char *, int, ...);                                                                       \
        va_start(arguments, flags);                                                                                    \
        mode = mode_of(flags, arguments);                                                                              \
        va_end(arguments);                                                                                             \
        return fails("open") || fails("descriptor") ? -1 : real(path, flags, mode);                                    \
    }

#define OPENAT(name)                                                                                                   \
    EXPORT int name(int folder, const char *path, int flags, ...)                                                      \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        mode_t mode;                                                                                                   \
        REAL(int, name, int, const char *, int, ...);                                                                  \
        va_start(arguments, flags);                                                                                    \
        mode = mode_of(flags, arguments);                                                                              \
        va_end(arguments);                                                                                             \
        return fails("open") || fails("descriptor") ? -1 : real(folder, path, flags, mode);                            \
    }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

/* A call that fails with -1 when KIND's turn has come. */
#define CALL(of_kind, result, name, parameters, arguments, ...)                                                        \
    EXPORT result name parameters                                                                                      \
    {                                                                                                                  \
        REAL(result, name, __VA_ARGS__);                                                                               \
        return fails(of_kind) ? -1 : real arguments;                                                                   \
    }

static bool write_fails(int fd)
{
    struct stat status;
    int before = errno;
    bool regular;

    if (!kind)
        return false;
    if (fd == STDOUT_FILENO)
        return fails("stdout");
    regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    errno = before;
    return regular && fails("write");
}

#define WRITE(name, parameters, arguments, ...)                                                                        \
    EXPORT ssize_t name parameters                                                                                     \
    {                                                                                                                  \
        REAL(ssize_t, name, __VA_ARGS__);                                                                              \
        return write_fails(fd) ? -1 : real arguments;                                                                  \
    }

WRITE(write, (int fd, const void *bytes, size_t size), (fd, bytes, size), int, const void *, size_t)
WRITE(pwrite, (int fd, const void *bytes, size_t size, off_t offset), (fd, bytes, size, offset), int, const void *,
      size_t, off_t)
WRITE(pwrite64, (int fd, const void *bytes, size_t size, off64_t offset), (fd, bytes, size, offset), int, const void *,
      size_t, off64_t)
WRITE(writev, (int fd, const struct iovec *pieces, int count), (fd, pieces, count), int, const struct iovec *, int)

CALL("name", int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags),
     int, const char *, int, const char *, unsigned)
CALL("name", int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), int, const char *, int,
     const char *)
CALL("name", int, rename, (const char *from, const char *to), (from, to), const char *, const char *)
CALL("name", int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags), int,
     const char *, int, const char *, int)
CALL("sync", int, fsync, (int fd), (fd), int)
CALL("sync", int, fdatasync, (int fd), (fd), int)
CALL("status", int, fstat, (int fd, struct stat *status), (fd, status), int, struct stat *)
CALL("status", int, fstatat, (int fd, const char *name, struct stat *status, int flags), (fd, name, status, flags), int,
     const char *, struct stat *, int)
CALL("status", int, fstat64, (int fd, struct stat64 *status), (fd, status), int, struct stat64 *)
CALL("status", int, fstatat64, (int fd, const char *name, struct stat64 *status, int flags), (fd, name, status, flags),
     int, const char *, struct stat64 *, int)
CALL("connect", int, connect, (int fd, const struct sockaddr *to, socklen_t size), (fd, to, size), int,
     const struct sockaddr *, socklen_t)
CALL("send", ssize_t, send, (int fd, const void *bytes, size_t size, int flags), (fd, bytes, size, flags), int,
     const void *, size_t, int)
CALL("receive", ssize_t, recv, (int fd, void *bytes, size_t size, int flags), (fd, bytes, size, flags), int, void *,
     size_t, int)
CALL("descriptor", int, epoll_create1, (int flags), (flags), int)
CALL("descriptor", int, eventfd, (unsigned count, int flags), (count, flags), unsigned, int)
CALL("descriptor", int, pipe2, (int ends[2], int flags), (ends, flags), int *, int)
CALL("descriptor", int, dup, (int fd), (fd), int)

EXPORT int socket(int domain, int type, int protocol)
{
    REAL(int, socket, int, int, int);
    return fails("socket") || fails("descriptor") ? -1 : real(domain, type, protocol);
}

EXPORT int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *),
                          void *argument)
{
    REAL(int, pthread_create, pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    return fails("thread") ? number : real(thread, attributes, function, argument);
}

#include "part.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* One folder down; `make` makes it when it is not there. */
static int step_down(int fd, const char *component, bool make)
{
    int next = openat(fd, component, FOLDER_FLAGS);

    if (next < 0 && errno == ENOENT && make) {
        if (mkdirat(fd, component, 0777) < 0 && errno != EEXIST)
            return -errno;
        next = openat(fd, component, FOLDER_FLAGS);
    }
    return next < 0 ? -errno : next;
}

/* The folder that holds the name's last component; links are not followed.  For a plain name it is the output folder
 * itself, without a system call. */
static int open_parent(const struct folder *folder, const char *name, bool make, const char **ret_last)
{
    char component[256];
    int fd = folder->fd;
    const char *slash;

    while ((slash = strchr(name, '/'))) {
        size_t length = (size_t)(slash - name);
        int next;

        if (length >= sizeof component) {
            next = -ENAMETOOLONG;
        } else {
            memcpy(component, name, length);
            component[length] = '\0';
            next = step_down(fd, component, make);
        }
        if (fd != folder->fd)
            close(fd);
        if (next < 0)
            return next;
        fd = next;
        name = slash + 1;
    }
    *ret_last = name;
    return fd;
}

static void close_parent(const struct folder *folder, int fd)
{
    if (fd >= 0 && fd != folder->fd)
        close(fd);
}

static int taken_by(const struct folder *folder, int folder_fd, const char *last)
{
    struct stat status;

    if (fstatat(folder_fd, last, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    return folder_is_of_this_run(folder, &status) ? -EBUSY : -EEXIST;
}

int part_look(const struct folder *folder, const char *name)
{
    const char *last;
    int fd = open_parent(folder, name, false, &last), result;

    if (fd < 0)
        return fd == -ENOENT ? 0 : fd;
    result = taken_by(folder, fd, last);
    close_parent(folder, fd);
    return result;
}

/* A plain file, nobody's hard link, older than this run, and still under its name now that we have the lock. */
static bool is_leftover(const struct part *part, const struct folder *folder)
{
    struct stat opened, named;

    return fstat(part->fd, &opened) == 0 && fstatat(part->folder_fd, part->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(opened.st_mode) && opened.st_nlink == 1 && !folder_is_of_this_run(folder, &opened) &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

static int lock(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
}

static int take_over(struct part *part, const struct folder *folder)
{
    int result;

    part->fd = openat(part->folder_fd, part->name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (part->fd < 0)
        return errno == ELOOP || errno == ENXIO || errno == EISDIR ? -EEXIST : -errno;
    result = lock(part->fd);
    if (result == 0 && !is_leftover(part, folder))
        result = -EEXIST;
    if (result == 0 && ftruncate(part->fd, 0) < 0)
        result = -errno;
    return result;
}

static int make_file(struct part *part, const struct folder *folder)
{
    part->fd = openat(part->folder_fd, part->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (part->fd >= 0)
        return lock(part->fd);
    return errno == EEXIST ? take_over(part, folder) : -errno;
}

int part_open(struct part *part, const struct folder *folder, const char *name)
{
    int result;

    part->fd = -1;
    part->folder_fd = open_parent(folder, name, true, &part->last);
    part->own_folder_fd = part->folder_fd >= 0 && part->folder_fd != folder->fd;
    if (part->folder_fd < 0)
        return part->folder_fd;
    if ((size_t)snprintf(part->name, sizeof part->name, "%s.part", part->last) >= sizeof part->name)
        result = -ENAMETOOLONG;
    else
        result = make_file(part, folder);
    if (result < 0)
        part_close(part); /* whatever is there is not ours */
    return result;
}

int part_write(int fd, struct slice bytes)
{
    while (bytes.length > 0) {
        ssize_t count = write(fd, bytes.bytes, bytes.length);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -errno;
        bytes = slice_from(bytes, (size_t)count);
    }
    return 0;
}

/* Network file systems tell of some errors only on closing; the lock stays with the other descriptor. */
static int flush(int fd)
{
    int copy = dup(fd);

    if (copy < 0)
        return errno == EMFILE ? 0 : -errno;
    return close(copy) < 0 ? -errno : 0;
}

static int rename_without_replacing(struct part *part)
{
    if (renameat2(part->folder_fd, part->name, part->folder_fd, part->last, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != ENOSYS && errno != EINVAL)
        return -errno;
    if (linkat(part->folder_fd, part->name, part->folder_fd, part->last, 0) < 0)
        return -errno;
    unlinkat(part->folder_fd, part->name, 0);
    return 0;
}

int part_publish(struct part *part, const struct folder *folder)
{
    int result = folder->tells_late ? flush(part->fd) : 0;

    if (result == 0)
        result = rename_without_replacing(part);
    return result == -EEXIST ? taken_by(folder, part->folder_fd, part->last) : result;
}

int part_move(struct part *part, const struct folder *folder, const char *name)
{
    struct part moved;
    int result = part_open(&moved, folder, name);

    if (result < 0)
        return result;
    if (renameat(part->folder_fd, part->name, moved.folder_fd, moved.name) < 0) {
        result = -errno;
        part_remove(&moved);
        return result;
    }
    close(moved.fd);
    moved.fd = part->fd;
    part->fd = -1;
    part_close(part);
    *part = moved;
    return 0;
}

void part_close(struct part *part)
{
    if (part->fd >= 0)
        close(part->fd);
    if (part->own_folder_fd)
        close(part->folder_fd);
    part->fd = -1;
    part->own_folder_fd = false;
}

void part_remove(struct part *part)
{
    if (part->fd >= 0)
        unlinkat(part->folder_fd, part->name, 0);
    part_close(part);
}

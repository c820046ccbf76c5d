#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

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

int place_open_parent(const struct folder *folder, const char *name, bool make, const char **ret_last)
{
    char component[256];
    int fd = folder->fd;
    const char *slash;

    if (fd < 0)
        return -ENOENT; /* folder_open_as_is */
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

void place_close_parent(const struct folder *folder, int fd)
{
    if (fd >= 0 && fd != folder->fd)
        close(fd);
}

int place_taken_by(const struct folder *folder, int folder_fd, const char *last)
{
    struct stat status;

    if (fstatat(folder_fd, last, &status, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : -errno;
    if (folder_is_of_this_run(folder, &status))
        return -EBUSY;
    return folder_is_of_resumed_run(folder, &status) && S_ISREG(status.st_mode) ? -ESTALE : -EEXIST;
}

int place_look(const struct folder *folder, const char *name)
{
    const char *last;
    int fd = place_open_parent(folder, name, false, &last), result;

    if (fd < 0)
        return fd == -ENOENT ? 0 : fd;
    result = place_taken_by(folder, fd, last);
    place_close_parent(folder, fd);
    return result;
}

int place_status(const struct folder *folder, const char *name, struct stat *ret_status)
{
    const char *last;
    int fd = place_open_parent(folder, name, false, &last), result;

    if (fd < 0)
        return fd;
    result = fstatat(fd, last, ret_status, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
    place_close_parent(folder, fd);
    return result;
}

int place_open_file(const struct folder *folder, const char *name)
{
    const char *last;
    int fd = place_open_parent(folder, name, false, &last), file;

    if (fd < 0)
        return fd;
    file = openat(fd, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        file = -errno;
    place_close_parent(folder, fd);
    return file;
}

/* A descriptor that only stands for a path cannot be synced. */
static int sync_folder(int folder_fd)
{
    int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), result;

    if (fd < 0)
        return -errno;
    result = fsync(fd) < 0 && errno != EINVAL ? -errno : 0; /* EINVAL: this file system has nothing to sync there */
    close(fd);
    return result;
}

/* Any of the folders may have been made for this file. */
int place_sync(const struct folder *folder, const char *name)
{
    char path[PATH_MAX];
    const char *last;
    int result = sync_folder(folder->fd);

    for (const char *slash = strchr(name, '/'); slash && result == 0; slash = strchr(slash + 1, '/')) {
        int fd;

        snprintf(path, sizeof path, "%.*s", (int)(slash - name + 2), name); /* a letter more: its parent is meant */
        fd = place_open_parent(folder, path, false, &last);
        result = fd < 0 ? fd : sync_folder(fd);
        place_close_parent(folder, fd);
    }
    return result;
}

#include "part.h"
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define COMPARED (16 * 1024) /* bytes at once */
static bool read_whole(int fd, char *bytes, size_t size, size_t *ret_length)
{
    ssize_t count = 1;

    for (*ret_length = 0; *ret_length < size && count > 0; *ret_length += (size_t)count) {
        count = read(fd, bytes + *ret_length, size - *ret_length);
        if (count < 0)
            return false;
    }
    return true;
}

static bool has_same_bytes(int one, int other)
{
    char bytes[2][COMPARED];
    size_t lengths[2];

    do {
        if (!read_whole(one, bytes[0], COMPARED, &lengths[0]) || !read_whole(other, bytes[1], COMPARED, &lengths[1]) ||
            lengths[0] != lengths[1] || memcmp(bytes[0], bytes[1], lengths[0]) != 0)
            return false;
    } while (lengths[0] == COMPARED);
    return true;
}

bool part_is_same(const struct part *part, const struct folder *folder, const char *name)
{
    int file = place_open_file(folder, name);
    int own = openat(part->folder_fd, part->name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool same = file >= 0 && own >= 0 && has_same_bytes(file, own);

    if (file >= 0)
        close(file);
    if (own >= 0)
        close(own);
    return same;
}

static bool is_leftover(int fd, const struct part *part, const struct folder *folder)
{
    struct stat opened, named;

    return fstat(fd, &opened) == 0 && fstatat(part->folder_fd, part->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(opened.st_mode) && opened.st_dev == named.st_dev && opened.st_ino == named.st_ino &&
           !folder_is_of_this_run(folder, &opened);
}

/* With the lock, a file that still has its name keeps it. */
static int open_leftover(struct part *part, const struct folder *folder, int access)
{
    part->fd = openat(part->folder_fd, part->name, access | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (part->fd < 0)
        return -errno;
    if (flock(part->fd, LOCK_EX | LOCK_NB) < 0)
        return -errno;
    return is_leftover(part->fd, part, folder) ? 0 : -EWOULDBLOCK;
}

static int remove_leftover(struct part *part, const struct folder *folder)
{
    int result = open_leftover(part, folder, O_WRONLY);

    if (result == 0 && unlinkat(part->folder_fd, part->name, 0) < 0)
        result = -errno;
    if (part->fd >= 0)
        close(part->fd);
    part->fd = -1;
    return result;
}

/* Where there are no locks we go without. */
static int make_file(struct part *part)
{
    part->fd = openat(part->folder_fd, part->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (part->fd < 0)
        return -errno;
    return flock(part->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK ? -EWOULDBLOCK : 0;
}

static int make_or_replace(struct part *part, const struct folder *folder)
{
    int result = make_file(part);

    if (result != -EEXIST)
        return result;
    result = remove_leftover(part, folder);
    if (result == 0)
        result = make_file(part);
    return result == -EEXIST ? -EWOULDBLOCK : result;
}

void part_leave(struct part *part)
{
    if (part->fd >= 0)
        close(part->fd);
    if (part->own_folder_fd)
        close(part->folder_fd);
    part->fd = -1;
    part->own_folder_fd = false;
}

static int find_place(struct part *part, const struct folder *folder, const char *name)
{
    const char *last;

    part->folder_fd = place_open_parent(folder, name, true, &last);
    if (part->folder_fd < 0)
        return part->folder_fd;
    part->own_folder_fd = part->folder_fd != folder->fd;
    return (size_t)snprintf(part->name, sizeof part->name, "%s.part", last) < sizeof part->name ? 0 : -ENAMETOOLONG;
}

static int open_part(struct part *part, const struct folder *folder, const char *name,
                     int (*open_file)(struct part *part, const struct folder *folder))
{
    int result;

    part->fd = -1;
    result = find_place(part, folder, name);
    if (result == 0)
        result = open_file(part, folder);
    if (result < 0)
        part_leave(part); /* whatever is there is not ours */
    return result;
}

int part_open(struct part *part, const struct folder *folder, const char *name)
{
    return open_part(part, folder, name, make_or_replace);
}

int part_open_unnamed(struct part *part, const struct folder *folder, const char *name)
{
    part->fd = -1;
    if (!folder->names_late || strchr(name, '/'))
        return -ENOTSUP;
    part->folder_fd = folder->fd;
    part->own_folder_fd = false;
    part->name[0] = '\0';
    part->fd = openat(folder->fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    return part->fd < 0 ? -errno : 0;
}

static bool has_name(const struct part *part)
{
    return part->name[0] != '\0';
}

static int name_unnamed(const struct part *part, int folder_fd, const char *name)
{
    return linkat(part->fd, "", folder_fd, name, AT_EMPTY_PATH) < 0 ? -errno : 0;
}

int part_take_name(struct part *part, const struct folder *folder, const char *name)
{
    int result;

    if (has_name(part))
        return 0;
    result = find_place(part, folder, name);
    if (result == 0)
        result = flock(part->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK ? -EWOULDBLOCK : 0;
    if (result == 0)
        result = name_unnamed(part, part->folder_fd, part->name);
    if (result < 0)
        part->name[0] = '\0';
    return result == -EEXIST ? -EWOULDBLOCK : result;
}

static int take_up(struct part *part, const struct folder *folder)
{
    return open_leftover(part, folder, O_RDWR);
}

int part_take_up(struct part *part, const struct folder *folder, const char *name)
{
    return open_part(part, folder, name, take_up);
}

/* Before it was locked another run could take it for a leftover, and people remove things at any time: what has the
 * name then is not ours. */
static int check_still_there(const struct part *part)
{
    struct stat status;

    if (!has_name(part))
        return 0;
    if (fstat(part->fd, &status) < 0)
        return -errno;
    return status.st_nlink > 0 ? 0 : -ENOENT;
}

/* Network file systems tell of some errors only on closing; the lock stays with the other descriptor. */
static int flush(int fd)
{
    int copy = dup(fd);

    if (copy < 0)
        return fsync(fd) < 0 ? -errno : 0;
    return close(copy) < 0 ? -errno : 0;
}

static int rename_without_replacing(const struct part *part, int folder_fd, const char *last)
{
    if (!has_name(part))
        return name_unnamed(part, folder_fd, last);
    if (renameat2(part->folder_fd, part->name, folder_fd, last, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != ENOSYS && errno != EINVAL)
        return -errno;
    if (linkat(part->folder_fd, part->name, folder_fd, last, 0) < 0)
        return -errno;
    unlinkat(part->folder_fd, part->name, 0);
    return 0;
}

static int rename_replacing(const struct part *part, int folder_fd, const char *last)
{
    return renameat(part->folder_fd, part->name, folder_fd, last) < 0 ? -errno : 0;
}

static int give_name(const struct part *part, const struct folder *folder, const char *name, bool replace)
{
    const char *last;
    int fd = place_open_parent(folder, name, true, &last), result;

    if (fd < 0)
        return fd;
    result = replace ? rename_replacing(part, fd, last) : rename_without_replacing(part, fd, last);
    if (result == -EEXIST && !replace) {
        result = place_taken_by(folder, fd, last);
        if (result == 0)
            result = -EBUSY; /* it has gone again */
        if (result == -ESTALE)
            result = -EEXIST;
    }
    place_close_parent(folder, fd);
    return result;
}

int part_publish(struct part *part, const struct folder *folder, const char *name, bool replace)
{
    int result = check_still_there(part);

    if (result == 0 && folder->tells_late)
        result = flush(part->fd);
    if (result == 0)
        result = give_name(part, folder, name, replace);
    if (result == 0)
        part_leave(part);
    return result;
}

int part_sync(const struct part *part)
{
    return fsync(part->fd) < 0 ? -errno : 0;
}

void part_set_time(const struct part *part, int64_t seconds)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = seconds}};

    (void)!futimens(part->fd, times);
}

void part_remove(struct part *part)
{
    if (part->fd >= 0 && has_name(part) &&
        check_still_there(part) != -ENOENT) /* with the lock, what cannot be told is ours */
        unlinkat(part->folder_fd, part->name, 0);
    part_leave(part);
}

#include "folder.h"

#include <haul/base/memory.h>
#include <haul/base/slice.h>
#include <haul/co/thread.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SMALL_WORK_TRIPS 6 /* at once, where the disk is slow: the other threads are for large files and look-ups */

struct opening {
    struct folder *folder;
    bool as_is;
    struct error *error;
};

static int make_with_parents(char *path)
{
    for (char *slash = *path ? strchr(path + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0777) < 0 && errno != EEXIST) {
            *slash = '/';
            return -errno;
        }
        *slash = '/';
    }
    return mkdir(path, 0777) < 0 && errno != EEXIST ? -errno : 0;
}

static void remember_names(struct folder *folder)
{
    int fd = openat(folder->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;
    bool holds_parts = false;

    if (!entries) {
        if (fd >= 0)
            close(fd);
        return;
    }
    errno = 0;
    while (folder->at_start.count < FOLDER_NAMES_MAXIMUM && (entry = readdir(entries))) {
        struct slice name = slice_of(entry->d_name);

        names_add(&folder->at_start, names_hash(name.bytes, name.length));
        holds_parts |= slice_ends_with(name, SLICE(".part"));
    }
    folder->at_start_complete = folder->at_start.count < FOLDER_NAMES_MAXIMUM && errno == 0;
    folder->names_late = folder->at_start_complete && !holds_parts;
    closedir(entries);
}

static bool is_on_network(int fd)
{
    static const long kinds[] = {NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC, SMB2_SUPER_MAGIC, CIFS_SUPER_MAGIC,
                                 FUSE_SUPER_MAGIC, AFS_SUPER_MAGIC, CEPH_SUPER_MAGIC, V9FS_MAGIC};
    struct statfs status;

    if (fstatfs(fd, &status) < 0)
        return true;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if ((unsigned)status.f_type == (unsigned)kinds[i])
            return true;
    return false;
}

/* Linux before 6.0 forgets the umask where there are no access control lists. */
static bool is_masked(int file)
{
    struct stat status;

    return fstat(file, &status) == 0 && (status.st_mode & 0666) != 0666;
}

/* Asked by an attempt that never succeeds, as "." is taken: whoever may not do it is told something else. */
static bool can_name_late(int fd)
{
    int file = openat(fd, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    bool can = file >= 0 && is_masked(file) && linkat(file, "", fd, ".", AT_EMPTY_PATH) < 0 && errno == EEXIST;

    if (file >= 0)
        close(file);
    return can;
}

static int open_on_thread(void *argument, const struct co_token *token)
{
    struct opening *opening = argument;
    struct folder *folder = opening->folder;
    int result = opening->as_is ? 0 : make_with_parents(folder->path);

    (void)token;
    if (result < 0)
        return fail(opening->error, ERROR_DISK, -result, "cannot make folder '%s': %s", folder->path,
                    strerror(-result));
    folder->fd = open(folder->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    folder->at_start_complete = opening->as_is && folder->fd < 0 && errno == ENOENT;
    if (folder->at_start_complete)
        return 0;
    if (folder->fd < 0)
        return fail(opening->error, ERROR_DISK, errno, "cannot open folder '%s': %s", folder->path, strerror(errno));
    folder->tells_late = is_on_network(folder->fd);
    clock_gettime(CLOCK_REALTIME_COARSE, &folder->began);
    remember_names(folder);
    folder->names_late = folder->names_late && !opening->as_is && !folder->tells_late && can_name_late(folder->fd);
    return 0;
}

static int open_folder(struct co_task *self, const char *path, bool as_is, struct error *error,
                       struct folder **ret_folder)
{
    CLEANUP(folder_close) struct folder *folder = memory_allocate(sizeof *folder);
    struct opening opening = {folder, as_is, error};
    int result;

    folder->fd = -1;
    folder->small_work = co_work_queue_open(co_task_runtime(self), SMALL_WORK_TRIPS);
    if (!folder->small_work)
        memory_exhausted(0);
    folder->path = memory_copy_string(path);
    result = co_to_thread(self, open_on_thread, &opening);
    if (result < 0)
        return result;
    *ret_folder = STEAL(folder);
    return 0;
}

int folder_open(struct co_task *self, const char *path, struct error *error, struct folder **ret_folder)
{
    return open_folder(self, path, false, error, ret_folder);
}

int folder_open_as_is(struct co_task *self, const char *path, struct error *error, struct folder **ret_folder)
{
    return open_folder(self, path, true, error, ret_folder);
}

void folder_close(struct folder *folder)
{
    if (!folder)
        return;
    if (folder->fd >= 0)
        close(folder->fd);
    co_work_queue_close(folder->small_work);
    names_release(&folder->at_start);
    names_release(&folder->taken);
    names_release(&folder->published);
    contests_release(&folder->contests);
    free(folder->path);
    free(folder);
}

/* Of a name with folders in it, the first folder decides: what it holds is not remembered. */
bool folder_may_have_held(const struct folder *folder, const char *name)
{
    return !folder->at_start_complete || names_has(&folder->at_start, names_hash(name, strcspn(name, "/")));
}

static bool remembers_what_it_published(const struct folder *folder)
{
    return folder->published.count < FOLDER_NAMES_MAXIMUM;
}

void folder_note_published(struct folder *folder, const char *name)
{
    uint64_t hash = names_hash(name, strlen(name));

    if (!strchr(name, '/'))
        names_remove(&folder->at_start, hash);
    if (remembers_what_it_published(folder))
        names_add(&folder->published, hash);
}

/* The clock may be too coarse to tell a file that was there at the start from this run's. */
bool folder_has_anothers(const struct folder *folder, const char *name)
{
    uint64_t hash = names_hash(name, strlen(name));

    if (!strchr(name, '/') && names_has(&folder->at_start, hash))
        return true;
    return remembers_what_it_published(folder) && !names_has(&folder->published, hash);
}

const char *folder_path_of(const struct folder *folder, const char *name, struct arena *arena)
{
    const char *between = slice_ends_with(slice_of(folder->path), SLICE("/")) ? "" : "/";
    char *path;

    if (strcmp(folder->path, ".") == 0)
        return arena_copy_string(arena, name);
    path = arena_allocate(arena, strlen(folder->path) + strlen(between) + strlen(name) + 1);
    stpcpy(stpcpy(stpcpy(path, folder->path), between), name);
    return path;
}

unsigned folder_next_number(struct folder *folder, const char *name, unsigned tried)
{
    return contests_next(&folder->contests, names_hash(name, strlen(name)), tried);
}

bool folder_is_contested(const struct folder *folder, const char *name)
{
    return contests_have(&folder->contests, names_hash(name, strlen(name)));
}

bool folder_is_of_this_run(const struct folder *folder, const struct stat *status)
{
    const struct timespec *changed = &status->st_ctim;

    return changed->tv_sec > folder->began.tv_sec ||
           (changed->tv_sec == folder->began.tv_sec && changed->tv_nsec >= folder->began.tv_nsec);
}

bool folder_is_of_resumed_run(const struct folder *folder, const struct stat *status)
{
    return folder->resumed > 0 && status->st_ctim.tv_sec >= folder->resumed - 1; /* that clock may be a tick behind */
}

void folder_resume(struct folder *folder, time_t began)
{
    folder->resumed = began;
}

const char *folder_name_of(const struct folder *folder, const char *path)
{
    struct slice whole = slice_of(path), above = slice_of(folder->path);

    if (strcmp(folder->path, ".") == 0)
        return path[0] == '/' ? NULL : path;
    if (!slice_starts_with(whole, above))
        return NULL;
    if (slice_ends_with(above, SLICE("/")))
        return path + above.length;
    return path[above.length] == '/' ? path + above.length + 1 : NULL;
}

void folder_claim(struct folder *folder, const char *name)
{
    names_add(&folder->taken, names_hash(name, strlen(name)));
}

void folder_release(struct folder *folder, const char *name)
{
    names_remove(&folder->taken, names_hash(name, strlen(name)));
}

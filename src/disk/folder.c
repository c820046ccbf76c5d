#include "folder.h"

#include <haul/base/memory.h>
#include <haul/co/thread.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct opening {
    struct folder *folder;
    struct error *error;
};

static int make_with_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
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

    if (!entries) {
        if (fd >= 0)
            close(fd);
        return;
    }
    while (folder->at_start.count < FOLDER_NAMES_MAXIMUM && (entry = readdir(entries)))
        names_add(&folder->at_start, names_hash(entry->d_name, strlen(entry->d_name)));
    folder->at_start_complete = folder->at_start.count < FOLDER_NAMES_MAXIMUM;
    closedir(entries);
}

static int open_on_thread(void *argument, const struct co_token *token)
{
    struct opening *opening = argument;
    struct folder *folder = opening->folder;
    int result = make_with_parents(folder->path);

    (void)token;
    if (result < 0)
        return fail(opening->error, ERROR_DISK, -result, "cannot make folder '%s': %s", folder->path,
                    strerror(-result));
    folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0)
        return fail(opening->error, ERROR_DISK, errno, "cannot open folder '%s': %s", folder->path, strerror(errno));
    clock_gettime(CLOCK_REALTIME_COARSE, &folder->began);
    remember_names(folder);
    return 0;
}

int folder_open(struct co_task *self, const char *path, struct error *error, struct folder **ret_folder)
{
    CLEANUP(folder_close) struct folder *folder = memory_allocate(sizeof *folder);
    struct opening opening = {folder, error};
    int result;

    folder->fd = -1;
    folder->path = memory_copy_string(path);
    result = co_to_thread(self, open_on_thread, &opening);
    if (result < 0)
        return result;
    *ret_folder = STEAL(folder);
    return 0;
}

void folder_close(struct folder *folder)
{
    if (!folder)
        return;
    if (folder->fd >= 0)
        close(folder->fd);
    names_release(&folder->at_start);
    names_release(&folder->taken);
    free(folder->path);
    free(folder);
}

/* Of a name with folders in it, the first folder decides: what it holds is not remembered. */
bool folder_may_have_held(const struct folder *folder, const char *name)
{
    return !folder->at_start_complete || names_has(&folder->at_start, names_hash(name, strcspn(name, "/")));
}

bool folder_is_of_this_run(const struct folder *folder, const struct stat *status)
{
    const struct timespec *changed = &status->st_ctim;

    return changed->tv_sec > folder->began.tv_sec ||
           (changed->tv_sec == folder->began.tv_sec && changed->tv_nsec >= folder->began.tv_nsec);
}

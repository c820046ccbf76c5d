#include "scheduler.h"

#include <haul/co/file.h>
#include <haul/co/thread.h>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* What one system call needs; on the stack of the waiting task, which stays parked until the thread is done. */
struct file_call {
    const char *path, *new_path;
    int fd, flags;
    mode_t mode;
    struct stat *stat;
    void *room;
    const char *bytes;
    size_t size;
    int64_t offset;
};

static int result_of(long returned)
{
    return returned < 0 ? -errno : (int)returned;
}

static int do_open(void *argument, const struct co_token *token)
{
    const struct file_call *call = argument;

    (void)token;
    return result_of(TEMP_FAILURE_RETRY(open(call->path, call->flags | O_CLOEXEC, call->mode)));
}

int co_file_open(struct co_task *self, const char *path, int flags, mode_t mode)
{
    return co_to_thread(self, do_open, &(struct file_call){.path = path, .flags = flags, .mode = mode});
}

/* The kernel gives at most 0x7ffff000 bytes at once, so the count fits. */
static int do_read(void *argument, const struct co_token *token)
{
    const struct file_call *call = argument;

    (void)token;
    if (call->offset < 0)
        return result_of(TEMP_FAILURE_RETRY(read(call->fd, call->room, call->size)));
    return result_of(TEMP_FAILURE_RETRY(pread(call->fd, call->room, call->size, call->offset)));
}

ssize_t co_file_read(struct co_task *self, int fd, void *bytes, size_t size, int64_t offset)
{
    return co_to_thread(self, do_read, &(struct file_call){.fd = fd, .room = bytes, .size = size, .offset = offset});
}

static ssize_t write_some(const struct file_call *call, size_t done)
{
    if (call->offset < 0)
        return TEMP_FAILURE_RETRY(write(call->fd, call->bytes + done, call->size - done));
    return TEMP_FAILURE_RETRY(pwrite(call->fd, call->bytes + done, call->size - done, call->offset + (int64_t)done));
}

static int do_write(void *argument, const struct co_token *token)
{
    const struct file_call *call = argument;
    size_t done = 0;

    (void)token;
    while (done < call->size) {
        ssize_t written = write_some(call, done);

        if (written < 0)
            return -errno;
        done += (size_t)written;
    }
    return 0;
}

ssize_t co_file_write(struct co_task *self, int fd, const void *bytes, size_t size, int64_t offset)
{
    struct file_call call = {.fd = fd, .bytes = bytes, .size = size, .offset = offset};
    int result = co_to_thread(self, do_write, &call);

    return result < 0 ? result : (ssize_t)size;
}

static int do_sync(void *argument, const struct co_token *token)
{
    const struct file_call *call = argument;

    (void)token;
    return result_of(TEMP_FAILURE_RETRY(fsync(call->fd)));
}

int co_file_sync(struct co_task *self, int fd)
{
    return co_to_thread(self, do_sync, &(struct file_call){.fd = fd});
}

static int do_stat(void *argument, const struct co_token *token)
{
    const struct file_call *call = argument;

    (void)token;
    return result_of(stat(call->path, call->stat));
}

int co_file_stat(struct co_task *self, const char *path, struct stat *ret_stat)
{
    return co_to_thread(self, do_stat, &(struct file_call){.path = path, .stat = ret_stat});
}

static int do_rename(void *argument, const struct co_token *token)
{
    const struct file_call *call = argument;

    (void)token;
    return result_of(rename(call->path, call->new_path));
}

int co_file_rename(struct co_task *self, const char *from, const char *to)
{
    return co_to_thread(self, do_rename, &(struct file_call){.path = from, .new_path = to});
}

/* Linux frees the descriptor even when close is interrupted: trying again might close somebody else's. */
static int do_close(void *argument, const struct co_token *token)
{
    const struct file_call *call = argument;

    (void)token;
    return close(call->fd) < 0 && errno != EINTR ? -errno : 0;
}

int co_file_close(struct co_task *self, int fd)
{
    return co_to_thread_shielded(self, do_close, &(struct file_call){.fd = fd});
}

static int do_unlink(void *argument, const struct co_token *token)
{
    const struct file_call *call = argument;

    (void)token;
    return result_of(unlink(call->path));
}

int co_file_unlink(struct co_task *self, const char *path)
{
    return co_to_thread_shielded(self, do_unlink, &(struct file_call){.path = path});
}

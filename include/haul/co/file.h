/* file.h - files without blocking the loop: each call is one piece of work for a thread.
 *
 * Descriptors are ordinary ones.  A call that has begun is waited for when its task is cancelled, and gives its result
 * as if nothing had happened.
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

CO_EXPORT_BEGIN

/* As open(2); O_CLOEXEC is added to the flags.
 *
 * Gives the descriptor, which is the caller's.
 *
 * Fails as open(2) does: -ENOENT, -EACCES and the like. */
int co_file_open(struct co_task *self, const char *path, int flags, mode_t mode);

/* Reads from `offset`, or with -1 from where the descriptor stands.
 *
 * Gives how many bytes it read, perhaps fewer than `size`; 0 at the end of the file.
 *
 * Fails as pread(2) and read(2) do. */
ssize_t co_file_read(struct co_task *self, int fd, void *bytes, size_t size, int64_t offset);

/* Writes all of it, at `offset`, or with -1 where the descriptor stands.
 *
 * Gives `size`.
 *
 * Fails as pwrite(2) and write(2) do, -ENOSPC for one; how much was written before is then unknown. */
ssize_t co_file_write(struct co_task *self, int fd, const void *bytes, size_t size, int64_t offset);

/* What fsync(2), stat(2) and rename(2) do.
 *
 * Fails as fsync(2), stat(2) and rename(2) do. */
int co_file_sync(struct co_task *self, int fd);
int co_file_stat(struct co_task *self, const char *path, struct stat *ret_stat);
int co_file_rename(struct co_task *self, const char *from, const char *to);

/* For putting things away: they also work in a task that is cancelled, and a cancel does not end them early.  After a
 * failed close the descriptor is gone all the same.
 *
 * Fails as close(2) and unlink(2) do, never because of a cancel. */
int co_file_close(struct co_task *self, int fd);
int co_file_unlink(struct co_task *self, const char *path);

CO_EXPORT_END

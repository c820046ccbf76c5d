/* file.h - files without blocking the loop: each call is one piece of work for a thread.
 *
 * They give what the system call of that name gives, or a negative errno.  Descriptors are ordinary ones.  A call that
 * has begun is waited for when its task is cancelled.
 */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

CO_EXPORT_BEGIN

int co_file_open(struct co_task *self, const char *path, int flags,
                 mode_t mode); /* the descriptor; O_CLOEXEC is added */
ssize_t co_file_read(struct co_task *self, int fd, void *bytes, size_t size,
                     int64_t offset); /* offset -1: where it stands */
ssize_t co_file_write(struct co_task *self, int fd, const void *bytes, size_t size, int64_t offset); /* all of it */
int co_file_sync(struct co_task *self, int fd);
int co_file_stat(struct co_task *self, const char *path, struct stat *ret_stat);
int co_file_rename(struct co_task *self, const char *from, const char *to);
int co_file_close(struct co_task *self, int fd);            /* not to be cancelled */
int co_file_unlink(struct co_task *self, const char *path); /* not to be cancelled */

CO_EXPORT_END

/* place.h - a name in the output folder, and what has it: system calls only, for threads.
 *
 * The way there goes down folder by folder, and no link is followed.  Results are 0, a descriptor, or a negative errno;
 * -ENOENT: there is nothing of that name.
 */
#pragma once

#include "folder.h"

#include <stdbool.h>

/* The folder that holds the last component, to work in only; `make` makes those that are not there.  For a plain name
 * it is the output folder itself, without a system call. */
int place_open_parent(const struct folder *folder, const char *name, bool make, const char **ret_last);
void place_close_parent(const struct folder *folder, int fd); /* an error is fine */

/* Whose is it?  0: nobody's, else -EBUSY of this run, -ESTALE of the run that this one goes on with, -EEXIST another's.
 */
int place_look(const struct folder *folder, const char *name);
int place_taken_by(const struct folder *folder, int folder_fd, const char *last); /* in that folder */

int place_status(const struct folder *folder, const char *name, struct stat *ret_status);
int place_open_file(const struct folder *folder, const char *name); /* to read */

/* The names reach the disk: that one, and those of the folders that lead to it. */
int place_sync(const struct folder *folder, const char *name);

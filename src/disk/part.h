/* part.h - the file beside the final name while it is not whole: system calls only, for threads.
 *
 * It is locked (flock(2)) as long as its run lives.  One that is there already, not locked, and older than this run was
 * left by a run that was killed; it is removed and made anew, because whoever owns it may still have it open.
 *
 * Bytes that are all there need no such name: where the folder allows it, their file has none until it gets its final
 * one (linkat(2)), and nothing is left of a run that is killed.
 */
#pragma once

#include "folder.h"

#include <stdbool.h>

struct part {
    int folder_fd;      /* where the file lies */
    bool own_folder_fd; /* to be closed with it */
    int fd;             /* -1: not made */
    char name[256];     /* in that folder: the final name's last component and ".part"; "": it has none */
};

/* Results are 0 or a negative errno; -EWOULDBLOCK: another run is writing it. */
int part_open(struct part *part, const struct folder *folder, const char *name);

/* The same for a file without a name; -ENOTSUP where there can be none, or something may lie beside the final name. */
int part_open_unnamed(struct part *part, const struct folder *folder, const char *name);

/* Gives it the name beside the final one after all; nothing when it has it. */
int part_take_name(struct part *part, const struct folder *folder, const char *name);

/* The same, but one that was left by a run that is dead is opened as it is, for reading too.  -ENOENT: there is none.
 */
int part_take_up(struct part *part, const struct folder *folder, const char *name);

/* The file gets its final name and is closed, unless there is a file of that name: -EBUSY when it is of this run,
 * -ESTALE when it is of the run that this one goes on with, else -EEXIST.  `replace` takes the place of whatever has
 * the name; the file must have its own for that. */
int part_publish(struct part *part, const struct folder *folder, const char *name, bool replace);

int part_sync(const struct part *part); /* its bytes and times reach the disk */

void part_set_time(const struct part *part, int64_t seconds); /* where it cannot be set it stays */

void part_leave(struct part *part);  /* closes it: another run may take it up */
void part_remove(struct part *part); /* nothing when it was not made, or was published */

/* Has the file of that final name the bytes of this one, which has its name? */
bool part_is_same(const struct part *part, const struct folder *folder, const char *name);

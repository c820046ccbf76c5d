/* part.h - the file beside the final name while it is not whole: system calls only, for threads.
 *
 * It is locked (flock(2)) as long as its run lives.  One that is there already, not locked, and older than this run was
 * left by a run that was killed, and is taken over.
 */
#pragma once

#include "folder.h"

#include <haul/base/slice.h>

#include <stdbool.h>

struct part {
    int folder_fd;      /* where the file lies */
    bool own_folder_fd; /* to be closed with it */
    int fd;             /* -1: not made */
    const char *last;   /* the final name's last component */
    char name[256];     /* that and ".part" */
};

/* Results are 0 or a negative errno; -EWOULDBLOCK: another run is writing it; -EEXIST: something else is in the way. */
int part_open(struct part *part, const struct folder *folder, const char *name);
int part_write(int fd, struct slice bytes);

/* The file gets its final name, unless there is a file of that name: -EBUSY when it is of this run, else -EEXIST. */
int part_publish(struct part *part, const struct folder *folder);

/* Another final name. */
int part_move(struct part *part, const struct folder *folder, const char *name);

void part_close(struct part *part);  /* after publishing */
void part_remove(struct part *part); /* and the file too */

/* Is there a file of that final name?  0: no; results as part_publish. */
int part_look(const struct folder *folder, const char *name);

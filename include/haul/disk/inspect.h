/* inspect.h - is the file that is there the one that is wanted? */
#pragma once

#include <haul/co/task.h>
#include <haul/disk/folder.h>

#include <stdint.h>

/* What is known of its bytes. */
struct inspect_wish {
    int64_t size;                /* -1: any */
    const char *algorithm, *hex; /* NULL: any digest */
};

/* Reads the file if there is a digest to compare with.  0 and its size: it is a regular file, and as wished.  -EBADMSG:
 * it is another.  -ENOENT: there is none.  -EEXIST: what is there is no regular file.  -ECANCELED; else the errno that
 * looking failed with. */
int inspect_file(struct co_task *self, const struct folder *folder, const char *name, const struct inspect_wish *wish,
                 int64_t *ret_size);

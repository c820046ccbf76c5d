/* behind.h - the second part of a report, kept in a file without a name until what stands before it is written.
 */
#pragma once

#include "writer.h"

#include <haul/base/cleanup.h>

struct behind {
    struct writer writer; /* to append to; its descriptor is the nameless file's */
};

/* Beside `path`, on the same disk; the name is free again at once. */
int behind_open(struct co_task *self, struct co_group *group, const char *path, struct behind **ret_behind);

/* Ends the writer and appends what it has written to `descriptor`, or, with -1, to nothing.  Once, after opening. */
int behind_finish(struct co_task *self, struct behind *behind, int descriptor);
void behind_close(struct behind *behind); /* after behind_finish; NULL is fine */

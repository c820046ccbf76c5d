/* private_file.h - a file with secrets in it: nobody else may read it, and it is there whole or as it was. */
#pragma once

#include <haul/base/error.h>
#include <haul/base/slice.h>
#include <haul/co/task.h>

/* Writes the bytes beside the path, and gives them its name.  Not to be cancelled.  Fails with an ERROR_DISK. */
int private_file_write(struct co_task *self, const char *path, struct slice bytes, struct error *error);

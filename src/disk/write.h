/* write.h - all of the bytes or a negative errno: short writes and signals are dealt with.  For threads. */
#pragma once

#include <haul/base/slice.h>
#include <haul/co/thread.h>

#include <stdint.h>

int write_file(int fd, struct slice bytes);

int write_file_at(int fd, struct slice bytes, int64_t at); /* beside others that do so */

/* The same where a reader may let us wait: -ECANCELED within a tenth of a second of the cancel, some bytes gone. */
int write_stream(int fd, struct slice bytes, const struct co_token *token);

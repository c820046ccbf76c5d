/* lines.h - one input of lines: a file, or standard input, compressed or not (unpack.h). */
#pragma once

#include <haul/base/error.h>
#include <haul/base/slice.h>
#include <haul/base/text.h>
#include <haul/co/task.h>

#include <stdbool.h>
#include <stdint.h>

struct lines {
    const char *name; /* as the user wrote it */
    int fd;
    struct unpack *unpack;
    struct text buffer;
    size_t maximum;  /* bytes of a line; may be changed between lines */
    size_t next;     /* the first byte of the buffer that no line has had */
    uint64_t number; /* of the last line */
    bool skipping;   /* the rest of a line whose beginning was given */
    bool ended;      /* nothing more will come */
};

/* Opens the file ("-" is standard input, not closed again).  The maximum is JOB_LINE_MAXIMUM. */
int lines_open(struct co_task *self, struct lines *lines, const char *name, struct error *error);
void lines_close(struct lines *lines);

/* 1 and the next line without its newline, valid until the next call; 0 at the end; -ECANCELED, after which it can be
 * called again; or the error.  Of a line above the maximum only the beginning is given: one byte more than the
 * maximum.  A byte order mark at the beginning of the input is no part of its first line. */
int lines_next(struct co_task *self, struct lines *lines, struct slice *ret_line, struct error *error);

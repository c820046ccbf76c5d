/* source.h - one list: its lines, as jobs. */
#pragma once

#include "lines.h"
#include "rest.h"
#include "table.h"

#include <haul/input/input.h>

struct source {
    struct lines lines;
    enum input_format format;
    struct slice base_url; /* of digests */
    struct rest *rest;     /* only what is left by it; NULL: all */
    struct table table;
};

/* The format may be by content: then the end of the name tells, or the first line that says something. */
int source_open(struct co_task *self, struct source *source, const char *name, enum input_format format,
                struct error *error);
void source_close(struct source *source);

/* 1 and the next job, which has the index, or NULL for what is none; 0 at the end; otherwise as lines_next. */
int source_next(struct co_task *self, struct source *source, uint64_t index, struct job **ret_job, struct error *error);

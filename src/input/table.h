/* table.h - rows of CSV (RFC 4180) or of TSV, whose first one names the columns: haul-input(5).
 *
 * A field in quotes may have separators, line ends and, written twice, quotes in it; TSV has the same quotes.  Each row
 * has as many fields as the first one.  A report of haul's own is such a table too: of its columns those that say
 * something about the job count.
 */
#pragma once

#include <haul/base/text.h>
#include <haul/job/job.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TABLE_ROW_MAXIMUM     (512 * 1024) /* bytes */
#define TABLE_COLUMNS_MAXIMUM 64

/* Starts as all zero but for the separator. */
struct table {
    char separator;
    uint64_t line; /* where the row begins */
    struct text row;
    bool in_quotes; /* the row goes on behind its last line */
    struct text names;
    size_t columns; /* 0: the names have not been read */
    bool is_report;
};

void table_release(struct table *table);

/* A first row that names a column "url" and others. */
bool table_is_header(struct slice line, char separator);

/* Adds a line, of which at most one byte more than the maximum; true when the row is whole, or too long to be one. */
bool table_add_line(struct table *table, struct slice line, uint64_t number);

/* Takes the row as that with the names.  False: what is wrong with it was appended, as the end of a sentence. */
bool table_read_names(struct table *table, struct text *problem);

/* Takes the row; NULL for a blank one, a job with a problem for one that cannot be read. */
struct job *table_job(struct table *table, uint64_t index, struct slice source);

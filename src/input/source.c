#include "source.h"
#include "manifest.h"
#include "sums.h"

#include <errno.h>
#include <string.h>

static void set_format(struct source *source, enum input_format format)
{
    source->format = format;
    source->table.separator = format == INPUT_TSV ? '\t' : ',';
    if (format == INPUT_BY_CONTENT || format == INPUT_JSONL)
        source->lines.maximum = MANIFEST_LINE_MAXIMUM;
    else if (format == INPUT_CSV || format == INPUT_TSV)
        source->lines.maximum = TABLE_ROW_MAXIMUM;
    else
        source->lines.maximum = JOB_LINE_MAXIMUM;
}

static enum input_format format_of_name(struct slice name)
{
    if (slice_ends_with(name, SLICE(".gz")))
        name.length -= strlen(".gz");
    else if (slice_ends_with(name, SLICE(".zst")))
        name.length -= strlen(".zst");
    return slice_ends_with(name, SLICE(".csv"))   ? INPUT_CSV
           : slice_ends_with(name, SLICE(".tsv")) ? INPUT_TSV
                                                  : INPUT_BY_CONTENT;
}

int source_open(struct co_task *self, struct source *source, const char *name, enum input_format format,
                struct error *error)
{
    int result;

    *source = (struct source){.rest = NULL};
    result = lines_open(self, &source->lines, name, error);
    if (result == 0)
        set_format(source, format == INPUT_BY_CONTENT ? format_of_name(slice_of(name)) : format);
    return result;
}

void source_close(struct source *source)
{
    lines_close(&source->lines);
    table_release(&source->table);
}

static bool says_nothing(struct slice line)
{
    struct slice content = slice_trim(line);

    return content.length == 0 || slice_starts_with(content, SLICE("#"));
}

static enum input_format format_of(struct slice line)
{
    if (says_nothing(line))
        return INPUT_BY_CONTENT;
    if (manifest_is_line(line))
        return INPUT_JSONL;
    if (table_is_header(line, ','))
        return INPUT_CSV;
    if (table_is_header(line, '\t'))
        return INPUT_TSV;
    return sums_is_line(line) ? INPUT_SUMS : INPUT_LINES;
}

static void append_place(const struct source *source, uint64_t line, struct text *place)
{
    text_append_string(place, source->lines.name);
    text_append_byte(place, ':');
    text_append_unsigned(place, line);
}

static struct job *row_job(struct source *source, uint64_t index)
{
    CLEANUP(text_release) struct text place = {.length = 0};

    append_place(source, source->table.line, &place);
    return table_job(&source->table, index, text_slice(&place));
}

/* 0, or what cannot be used at all. */
static int read_row(struct source *source, struct slice line, uint64_t index, struct job **ret_job, struct error *error)
{
    CLEANUP(text_release) struct text problem = {.length = 0};
    struct table *table = &source->table;

    if (table->columns == 0 && table->row.length == 0 && says_nothing(line))
        return 0;
    if (!table_add_line(table, line, source->lines.number))
        return 0;
    if (table->columns > 0)
        *ret_job = row_job(source, index);
    else if (!table_read_names(table, &problem))
        return fail(error, ERROR_INPUT, 0, "cannot use the first row of '%s': %s", source->lines.name, problem.bytes);
    return 0;
}

static struct job *read_job(struct source *source, struct slice line, uint64_t index)
{
    CLEANUP(text_release) struct text place = {.length = 0};

    if (source->rest && !rest_take(source->rest, line))
        return NULL;
    append_place(source, source->lines.number, &place);
    switch (source->format) {
    case INPUT_JSONL:
        return manifest_job(line, index, text_slice(&place));
    case INPUT_SUMS:
        return sums_job(line, source->base_url, index, text_slice(&place));
    default:
        return job_from_line(line, index, text_slice(&place));
    }
}

static bool is_table(const struct source *source)
{
    return source->format == INPUT_CSV || source->format == INPUT_TSV;
}

int source_next(struct co_task *self, struct source *source, uint64_t index, struct job **ret_job, struct error *error)
{
    struct slice line;
    int result = lines_next(self, &source->lines, &line, error);

    *ret_job = NULL;
    if (result > 0 && source->format == INPUT_BY_CONTENT)
        set_format(source, format_of(line));
    if (result > 0 && source->format == INPUT_SUMS && source->base_url.length == 0)
        return fail(error, ERROR_INPUT, 0, "'%s' is a list of digests: '--base-url' says where its files are",
                    source->lines.name);
    if (result > 0 && !is_table(source))
        *ret_job = read_job(source, line, index);
    else if (result > 0)
        result = read_row(source, line, index, ret_job, error) < 0 ? -EINVAL : 1;
    else if (result == 0 && source->table.in_quotes) /* the end is within a row */
        *ret_job = row_job(source, index);
    return *ret_job ? 1 : result;
}

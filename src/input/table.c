#include "table.h"
#include "manifest.h"

#include <cjson/cJSON.h>
#include <string.h>

/* How a report begins; what it calls a checksum is what came, not what was wanted. */
#define REPORT_BEGINS   SLICE("index,id,tag,input,status,url,")
#define COLUMNS_OF_JOBS "id", "tag", "url"

void table_release(struct table *table)
{
    text_release(&table->row);
    text_release(&table->names);
}

/* Takes the field at the beginning of a row, unquoted; false when it was the last one.  Quotes elsewhere than around a
 * field are themselves. */
static bool take_field(struct slice *row, char separator, struct text *field)
{
    bool in_quotes = slice_starts_with(*row, SLICE("\""));
    size_t i = in_quotes;

    text_clear(field);
    text_append(field, (struct slice){.length = 0});
    for (; i < row->length; i++) {
        char byte = row->bytes[i];

        if (!in_quotes && byte == separator)
            break;
        if (!in_quotes || byte != '"')
            text_append_byte(field, byte);
        else if (i + 1 < row->length && row->bytes[i + 1] == '"')
            text_append_byte(field, row->bytes[++i]);
        else
            in_quotes = false;
    }
    if (i == row->length)
        return false;
    *row = slice_from(*row, i + 1);
    return true;
}

bool table_is_header(struct slice line, char separator)
{
    CLEANUP(text_release) struct text field = {0};
    bool more = slice_contains_byte(line, separator), has_url = false;

    line = slice_trim(line);
    while (more) {
        more = take_field(&line, separator, &field);
        has_url |= slice_equal(slice_trim(text_slice(&field)), SLICE("url"));
    }
    return has_url;
}

/* As take_field goes: does a field in quotes go on behind this line? */
static bool ends_in_quotes(const struct table *table, struct slice line)
{
    bool in_quotes = table->in_quotes, at_start = !in_quotes;

    for (size_t i = 0; i < line.length; i++) {
        char byte = line.bytes[i];

        if (in_quotes && byte == '"' && i + 1 < line.length && line.bytes[i + 1] == '"')
            i++;
        else if (byte == '"' && (in_quotes || at_start))
            in_quotes = !in_quotes;
        at_start = !in_quotes && byte == table->separator;
    }
    return in_quotes;
}

bool table_add_line(struct table *table, struct slice line, uint64_t number)
{
    if (table->in_quotes)
        text_append_byte(&table->row, '\n');
    else
        table->line = number;
    table->in_quotes = ends_in_quotes(table, line);
    text_append(&table->row, line);
    return !table->in_quotes || table->row.length > TABLE_ROW_MAXIMUM;
}

static struct slice row_of(const struct table *table)
{
    struct slice row = text_slice(&table->row);

    if (slice_ends_with(row, SLICE("\r")))
        row.length--;
    return row;
}

static void end_row(struct table *table)
{
    text_clear(&table->row);
    table->in_quotes = false;
}

static bool is_of_jobs(const char *column)
{
    static const char *const columns[] = {COLUMNS_OF_JOBS};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i], column) == 0)
            return true;
    return false;
}

static bool has_name(const struct table *table, const char *name)
{
    const char *known = table->names.bytes;

    for (size_t i = 0; i < table->columns; i++, known += strlen(known) + 1)
        if (strcmp(known, name) == 0)
            return true;
    return false;
}

static bool add_name(struct table *table, struct slice name, struct text *problem)
{
    CLEANUP(text_release) struct text copy = {0};

    text_append(&copy, name);
    if (slice_has_control_character(name) || (!table->is_report && !manifest_has_key(copy.bytes)))
        text_append_format(problem, "it has a column '%.60s', which jobs do not have: see haul-input(5)", copy.bytes);
    else if (has_name(table, copy.bytes))
        text_append_format(problem, "it has the column '%.60s' twice", copy.bytes);
    else if (table->columns == TABLE_COLUMNS_MAXIMUM)
        text_append_format(problem, "it has more than %d columns", TABLE_COLUMNS_MAXIMUM);
    text_append(&table->names, name);
    text_append_byte(&table->names, '\0');
    table->columns++;
    return problem->length == 0;
}

bool table_read_names(struct table *table, struct text *problem)
{
    CLEANUP(text_release) struct text field = {0};
    struct slice row = row_of(table);
    bool more = row.length <= TABLE_ROW_MAXIMUM;

    if (!more)
        text_append_string(problem, "it is too long");
    table->is_report = slice_starts_with(row, REPORT_BEGINS);
    while (more && problem->length == 0) {
        more = take_field(&row, table->separator, &field);
        add_name(table, slice_trim(text_slice(&field)), problem);
    }
    if (problem->length == 0 && !has_name(table, "url"))
        text_append_string(problem, "it has no column 'url'");
    end_row(table);
    return problem->length == 0;
}

/* An empty field is as if its column were not there. */
static const char *fill(const struct table *table, struct slice row, cJSON *object)
{
    CLEANUP(text_release) struct text field = {0};
    const char *name = table->names.bytes;
    size_t columns = 0;
    bool more = true;

    for (; more && columns < table->columns; columns++, name += strlen(name) + 1) {
        more = take_field(&row, table->separator, &field);
        if (memchr(field.bytes, '\0', field.length))
            return "the row has a NUL in it";
        if (field.length > 0 && (!table->is_report || is_of_jobs(name)))
            manifest_add_field(object, name, &field);
    }
    return more || columns < table->columns ? "the row has not as many fields as the first one" : NULL;
}

static const char *problem_of(const struct table *table, struct slice row)
{
    if (row.length > TABLE_ROW_MAXIMUM)
        return table->in_quotes ? "the row is too long: its quotes do not end" : "the row is too long";
    return table->in_quotes ? "the quotes of the row do not end" : NULL;
}

struct job *table_job(struct table *table, uint64_t index, struct slice source)
{
    struct slice row = row_of(table);
    struct job *job = NULL;
    const char *problem;
    cJSON *object;

    if (row.length == 0)
        return NULL;
    object = cJSON_CreateObject();
    problem = problem_of(table, row);
    if (!problem)
        problem = fill(table, row, object);
    if (problem)
        job = job_open(&(struct job_parts){.index = index, .source = source, .problem = slice_of(problem)});
    else
        job = manifest_job_of(object, index, source);
    cJSON_Delete(object);
    end_row(table);
    return job;
}

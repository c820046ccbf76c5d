#include "../../../src/input/table.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Reads a whole table; NULL ends. */
static struct job *row_of(const char *names, struct slice row, char separator)
{
    struct table table = {.separator = separator};
    CLEANUP(text_release) struct text problem = {0};
    struct job *job;
    struct slice line;

    cr_assert(table_add_line(&table, slice_of(names), 1));
    cr_assert(table_read_names(&table, &problem), "%s", problem.bytes);
    do
        slice_cut(row, '\n', &line, &row);
    while (!table_add_line(&table, line, 2) && row.length > 0);
    job = table_job(&table, 7, SLICE("list:2"));
    table_release(&table);
    return job;
}

static void expect_job(const char *names, const char *row, const char *url, const char *output)
{
    CLEANUP(job_close) struct job *job = row_of(names, slice_of(row), strchr(names, '\t') ? '\t' : ',');

    cr_assert_not_null(job);
    cr_expect_null(job->problem, "'%s': %s", row, job->problem);
    cr_expect_str_eq(job->url, url);
    cr_expect_str_eq(job->output ? job->output : "", output);
    cr_expect_eq(job->index, 7);
}

Test(table, has_fields_as_in_rfc_4180)
{
    expect_job("url,output", "http://h/1,name", "http://h/1", "name");
    expect_job("url,output", "http://h/1,name\r", "http://h/1", "name");
    expect_job("output,url", "\"a, b\",\"http://h/1\"", "http://h/1", "a, b");
    expect_job("output,url", "\"say \"\"hi\"\"\",http://h/1", "http://h/1", "say \"hi\"");
    expect_job("url,output", "http://h/1,", "http://h/1", "");
    expect_job("url,output", "http://h/1,\"\"", "http://h/1", "");
    expect_job("url\toutput", "http://h/1,2\t5\" disk", "http://h/1,2", "5\" disk");
    expect_job(" url , output ", "http://h/1,a b", "http://h/1", "a b");
    expect_job("url,tag,output", "http://h/1,\"two\nlines, \"\"so\"\"\",x", "http://h/1", "x");
    expect_job("url,tag", "http://h/\xff,\xe2", "http://h/\xff", "");
}

static void expect_problem(const char *names, struct slice row, const char *part)
{
    CLEANUP(job_close) struct job *job = row_of(names, row, ',');

    cr_assert_not_null(job);
    cr_assert_not_null(job->problem, "%s", part);
    cr_expect(strstr(job->problem, part), "'%s' should say '%s'", job->problem, part);
}

Test(table, refuses_rows_that_do_not_fit)
{
    expect_problem("url,output", SLICE("http://h/1"), "as many fields");
    expect_problem("url,output", SLICE("http://h/1,a,b"), "as many fields");
    expect_problem("url,output", SLICE("http://h/1,\"a"), "do not end");
    expect_problem("url,output", SLICE("http://h/1,a\0b"), "NUL");
    expect_problem("url,output", SLICE(",a"), "there is no 'url'");
    expect_problem("url,size", SLICE("http://h/,many"), "'size' is not a number");
    expect_problem("url,size", SLICE("http://h/,-1"), "'size' is not a number");
    expect_problem("url,output", SLICE("http://h/,\"a\nb\""), "control character");
    expect_problem("url,checksum", SLICE("http://h/,md5"), "ALGO=HEX");
}

Test(table, takes_every_key_of_a_job)
{
    CLEANUP(job_close)
    struct job *job = row_of(
        "url,id,tag,size,checksum,method,data,headers",
        SLICE("http://h/1,x,blue,12,md5=d41d8cd98f00b204e9800998ecf8427e,PUT,[1],\"{\"\"A\"\": \"\"b\"\"}\""), ',');

    cr_assert_null(job->problem, "%s", job->problem);
    cr_expect_str_eq(job->id, "x");
    cr_expect_str_eq(job->tag, "blue");
    cr_expect_eq(job->size, 12);
    cr_expect_str_eq(job->digest, "md5");
    cr_expect_str_eq(job->method, "PUT");
    cr_expect(slice_equal(job->data, SLICE("[1]")));
    cr_expect_str_eq(job->headers, "A: b");
}

static void refuse_names(struct slice names, const char *part)
{
    struct table table = {.separator = ','};
    CLEANUP(text_release) struct text problem = {0};

    table_add_line(&table, names, 1);
    cr_assert_not(table_read_names(&table, &problem));
    cr_expect(strstr(problem.bytes, part), "'%s' should say '%s'", problem.bytes, part);
    table_release(&table);
}

Test(table, refuses_names_that_jobs_do_not_have)
{
    CLEANUP(text_release) struct text many = {0};

    refuse_names(SLICE("url,colour"), "'colour'");
    refuse_names(SLICE("url,url"), "twice");
    refuse_names(SLICE("output,tag"), "no column 'url'");
    refuse_names(SLICE("http://h/,x"), "'http://h/'");
    refuse_names(SLICE("url,"), "''");
    text_append_string(&many, "index,id,tag,input,status,url");
    for (int i = 0; i < TABLE_COLUMNS_MAXIMUM; i++)
        text_append_format(&many, ",%d", i);
    refuse_names(text_slice(&many), "more than 64");
}

Test(table, knows_a_report_of_ours)
{
    CLEANUP(job_close)
    struct job *job = row_of("index,id,tag,input,status,url,url_effective,checksum",
                             SLICE("3,x,,list:3,failed,http://h/1,http://h/2,d41d"), ',');

    cr_assert_null(job->problem, "%s", job->problem);
    cr_expect_str_eq(job->url, "http://h/1");
    cr_expect_str_eq(job->id, "x");
    cr_expect_null(job->digest);
}

Test(table, is_told_by_its_first_row)
{
    cr_expect(table_is_header(SLICE("url,output"), ','));
    cr_expect(table_is_header(SLICE("tag\turl\r"), '\t'));
    cr_expect(table_is_header(SLICE("\"tag\",\"url\""), ','));
    cr_expect_not(table_is_header(SLICE("url"), ','));
    cr_expect_not(table_is_header(SLICE("http://h/,url"), '\t'));
    cr_expect_not(table_is_header(SLICE("http://h/url\tname"), '\t'));
    cr_expect_not(table_is_header(SLICE(""), ','));
}

Test(table, has_rows_of_bounded_length)
{
    struct table table = {.separator = ',', .in_quotes = false};
    CLEANUP(text_release) struct text problem = {0};
    CLEANUP(job_close) struct job *job = NULL;
    size_t lines = 0;

    table_add_line(&table, SLICE("url,tag"), 1);
    cr_assert(table_read_names(&table, &problem));
    cr_assert_not(table_add_line(&table, SLICE("http://h/,\"0123456789"), 2));
    while (!table_add_line(&table, SLICE("01234567890123456789"), 3))
        lines++;
    cr_expect_leq(lines, TABLE_ROW_MAXIMUM / 20);
    job = table_job(&table, 1, SLICE("x"));
    cr_assert(strstr(job->problem, "too long"));
    cr_assert(table_add_line(&table, SLICE("http://h/,a"), 9));
    job_close(job);
    job = table_job(&table, 2, SLICE("x"));
    cr_assert_null(job->problem);
    table_release(&table);
}

Test(table, takes_any_bytes)
{
    static const char bytes[] = "\",\n\ra\0{1";
    unsigned random = 7;

    for (int round = 0; round < 20000; round++) {
        char row[24];
        size_t length = 0;

        do {
            random = random * 1103515245 + 12345;
            row[length++] = bytes[(random >> 16) % sizeof bytes];
        } while (length < sizeof row && (random >> 8) % 16 != 0);
        job_close(row_of("url,size,headers", (struct slice){row, length}, ','));
    }
}

#include "../../../src/input/source.h"

#include <haul/base/text.h>
#include <haul/co/runtime.h>

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MD5 "d41d8cd98f00b204e9800998ecf8427e"

/* Bytes of a list that is read as a file of that name. */
struct list_of {
    const char *name;
    struct slice bytes;
    enum input_format format;
    const char *expected; /* "URL PLACE", or "! PLACE" for one with a problem, a line each; an error is "error" */
};

static void append_job(struct text *told, const struct job *job)
{
    text_append_format(told, "%s %s\n", job->problem ? "!" : job->url, strrchr(job->source, ':') + 1);
}

static int read_all(struct co_task *self, void *argument)
{
    const struct list_of *list = argument;
    CLEANUP(text_release) struct text told = {0};
    struct source source;
    struct error error = {.kind = ERROR_NONE};
    struct job *job;
    uint64_t index = 1;
    int result;

    text_append_string(&told, "");
    cr_assert_eq(source_open(self, &source, list->name, list->format, &error), 0, "%s", error.message);
    source.base_url = SLICE("http://base");
    while ((result = source_next(self, &source, index, &job, &error)) > 0) {
        if (!job)
            continue;
        cr_assert_eq(job->index, index++);
        append_job(&told, job);
        job_close(job);
    }
    if (result < 0)
        text_append_string(&told, "error");
    cr_expect_str_eq(told.bytes, list->expected, "%s", list->name);
    source_close(&source);
    return 0;
}

static void check(const char *name, struct slice bytes, enum input_format format, const char *expected)
{
    char path[] = "/tmp/haul-source-XXXXXX", file[64];
    struct list_of list = {file, bytes, format, expected};
    int fd;

    cr_assert_not_null(mkdtemp(path));
    snprintf(file, sizeof file, "%s/%s", path, name);
    fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
    cr_assert_eq(write(fd, bytes.bytes, bytes.length), (ssize_t)bytes.length);
    close(fd);
    cr_assert_eq(co_run(read_all, &list, NULL), 0);
    unlink(file);
    rmdir(path);
}

#define CHECK(name, bytes, format, expected) check(name, SLICE(bytes), format, expected)

Test(source, is_what_its_first_line_that_says_something_tells)
{
    CHECK("a", "\n# a list\nhttp://h/\tx\n", INPUT_BY_CONTENT, "http://h/ 3\n");
    CHECK("b", "# a list\n{\"url\":\"http://h/\"}\n", INPUT_BY_CONTENT, "http://h/ 2\n");
    CHECK("c", "\nurl,tag\nhttp://h/,x\n", INPUT_BY_CONTENT, "http://h/ 3\n");
    CHECK("d", "tag\turl\nx\thttp://h/\n", INPUT_BY_CONTENT, "http://h/ 2\n");
    CHECK("e", MD5 "  x\n", INPUT_BY_CONTENT, "http://base/x 1\n");
    CHECK("f", "\xef\xbb\xbf{\"url\":\"http://h/\"}\r\n", INPUT_BY_CONTENT, "http://h/ 1\n");
    CHECK("g", "", INPUT_BY_CONTENT, "");
    CHECK("h", "# nothing\n\n", INPUT_BY_CONTENT, "");
}

Test(source, is_what_its_name_or_whoever_opened_it_tells)
{
    CHECK("list.csv", "url\nhttp://h/\n", INPUT_BY_CONTENT, "http://h/ 2\n");
    CHECK("list.tsv.gz", "url\nhttp://h/\n", INPUT_BY_CONTENT, "http://h/ 2\n");
    CHECK("list.csv.zst", "url\nhttp://h/\n", INPUT_BY_CONTENT, "http://h/ 2\n");
    CHECK("list.csv", "url,tag\n", INPUT_LINES, "url,tag 1\n");
    CHECK("list", "http://h/\n", INPUT_JSONL, "! 1\n");
    CHECK("list", "http://h/\n", INPUT_SUMS, "! 1\n");
}

Test(source, has_a_job_for_each_bad_line_and_goes_on)
{
    CHECK("a", "{\"url\":1}\n{\"url\":\"http://h/\"}\nhttp://h/\n", INPUT_BY_CONTENT, "! 1\nhttp://h/ 2\n! 3\n");
    CHECK("b", "url,tag\na\nhttp://h/,x\n", INPUT_BY_CONTENT, "! 2\nhttp://h/ 3\n");
}

Test(source, ends_with_a_row_whose_quotes_do_not)
{
    CHECK("a", "url,tag\nhttp://h/,\"two\nlines\"\nhttp://h/,\"x\ny\n", INPUT_BY_CONTENT, "http://h/ 2\n! 4\n");
    CHECK("b", "url,tag\nhttp://h/,x", INPUT_BY_CONTENT, "http://h/ 2\n");
}

Test(source, cannot_be_a_table_with_names_that_jobs_do_not_have)
{
    CHECK("a", "url,colour\nhttp://h/,red\n", INPUT_BY_CONTENT, "error");
    CHECK("b.csv", "link\nhttp://h/\n", INPUT_BY_CONTENT, "error");
}

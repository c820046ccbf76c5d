#include <haul/job/job.h>

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct slice source = {"urls.txt:12", 11};

static void assert_string(const char *string, const char *expected, const char *line)
{
    if (expected)
        cr_assert_str_eq(string, expected, "in '%s'", line);
    else
        cr_assert_null(string, "in '%s'", line);
}

Test(job, copies_everything_it_is_made_of)
{
    char bytes[] = "sourceurloutputidtagproblem";
    CLEANUP(job_close)
    struct job *job = job_open(&(struct job_parts){
        .index = 3,
        .source = {bytes, 6},
        .url = {bytes + 6, 3},
        .output = {bytes + 9, 6},
        .id = {bytes + 15, 2},
        .tag = {bytes + 17, 3},
        .problem = {bytes + 20, 7},
    });

    memset(bytes, 'x', sizeof(bytes));
    cr_assert_eq(job->index, 3);
    cr_assert_str_eq(job->source, "source");
    cr_assert_str_eq(job->url, "url");
    cr_assert_str_eq(job->output, "output");
    cr_assert_str_eq(job->id, "id");
    cr_assert_str_eq(job->tag, "tag");
    cr_assert_str_eq(job->problem, "problem");
}

Test(job, knows_what_is_absent)
{
    CLEANUP(job_close) struct job *job = job_open(&(struct job_parts){.index = 1});

    cr_assert_str_eq(job->source, "");
    cr_assert_str_eq(job->url, "");
    cr_assert_null(job->output);
    cr_assert_null(job->id);
    cr_assert_null(job->tag);
    cr_assert_null(job->problem);
}

Test(job, is_in_no_list_at_first)
{
    CLEANUP(job_close) struct job *job = job_open(&(struct job_parts){.index = 1});

    list_remove(&job->link);
    cr_assert_null(job->link.next);
}

Test(job, may_be_closed_when_there_is_none)
{
    job_close(NULL);
}

Test(job, is_read_from_a_line)
{
    static const struct {
        const char *line, *url, *output;
    } cases[] = {
        {"http://a.example/x", "http://a.example/x", NULL},
        {"  http://a.example/x \r", "http://a.example/x", NULL},
        {"\thttp://a.example/x\t", "http://a.example/x", NULL},
        {"http://a.example/x\tfolder/name", "http://a.example/x", "folder/name"},
        {"http://a.example/x \t two words \r", "http://a.example/x", "two words"},
        {"example.org/x", "example.org/x", NULL},
        {"http://a.example/#part", "http://a.example/#part", NULL},
        {"http://b\xc3\xbc"
         "cher.example/",
         "http://b\xc3\xbc"
         "cher.example/",
         NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(job_close) struct job *job = job_from_line(slice_of(cases[i].line), 7, source);

        cr_assert_not_null(job);
        assert_string(job->problem, NULL, cases[i].line);
        assert_string(job->url, cases[i].url, cases[i].line);
        assert_string(job->output, cases[i].output, cases[i].line);
        cr_assert_eq(job->index, 7);
        cr_assert_str_eq(job->source, "urls.txt:12");
    }
}

Test(job, is_not_read_from_blank_lines_and_comments)
{
    static const char *const lines[] = {"", " ", "\t \r", "#", "# http://a.example/", "  # indented"};

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        cr_assert_null(job_from_line(slice_of(lines[i]), 1, source), "'%s'", lines[i]);
}

Test(job, has_a_problem_when_its_line_has_control_characters)
{
    static const struct {
        struct slice line;
        const char *url;
    } cases[] = {
        {{"http://a.example/\0x", 19}, ""},
        {{"\0", 1}, ""},
        {{"http://a.example/\x1b[2J", 21}, ""},
        {{"http://a.example/a\rb", 20}, ""},
        {{"http://a.example/\x7f", 18}, ""},
        {{"http://a.example/\tna\0me", 23}, "http://a.example/"},
        {{"http://a.example/\tname\tmore", 27}, "http://a.example/"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        CLEANUP(job_close) struct job *job = job_from_line(cases[i].line, 1, source);

        cr_assert_not_null(job);
        cr_assert_not_null(job->problem, "case %zu", i);
        cr_assert_str_eq(job->url, cases[i].url, "case %zu", i);
        cr_assert_null(job->output, "case %zu", i);
    }
}

Test(job, has_a_problem_when_its_line_is_too_long)
{
    char *line = malloc(JOB_LINE_MAXIMUM + 1);

    memset(line, 'x', JOB_LINE_MAXIMUM + 1);

    CLEANUP(job_close) struct job *longest = job_from_line((struct slice){line, JOB_LINE_MAXIMUM}, 1, source);
    CLEANUP(job_close) struct job *longer = job_from_line((struct slice){line, JOB_LINE_MAXIMUM + 1}, 2, source);

    cr_assert_null(longest->problem);
    cr_assert_eq(strlen(longest->url), JOB_LINE_MAXIMUM);
    cr_assert_not_null(longer->problem);
    cr_assert_str_eq(longer->url, "");
    free(line);
}

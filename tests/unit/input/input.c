#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <haul/co/timer.h>
#include <haul/input/input.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each test has a task, `self`, and a folder as its working directory with the files "a" and "b". */
#define INPUT_TEST(name)                                                                                               \
    static int run_##name(struct co_task *self, void *unused);                                                         \
    Test(input, name)                                                                                                  \
    {                                                                                                                  \
        char folder[] = "/tmp/haul_input_XXXXXX";                                                                      \
                                                                                                                       \
        cr_assert_not_null(mkdtemp(folder));                                                                           \
        cr_assert_eq(chdir(folder), 0);                                                                                \
        put_file("a", "# comment\n\nhttp://h/1\r\n  http://h/2\tname\n");                                              \
        put_file("b", "\xef\xbb\xbfhttp://h/3");                                                                       \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
        unlink("a");                                                                                                   \
        unlink("b");                                                                                                   \
        cr_assert_eq(rmdir(folder), 0);                                                                                \
    }                                                                                                                  \
    static int run_##name(struct co_task *self, void *unused __attribute__((unused)))

static const char *const none[] = {NULL};

static void put_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");

    cr_assert_not_null(file);
    fputs(content, file);
    cr_assert_eq(fclose(file), 0);
}

static struct input *open_input(struct co_task *self, const char *const *urls, const char *const *files)
{
    struct input_options options = {.urls = urls, .files = files};
    struct error error = {.kind = ERROR_NONE};
    struct input *input = NULL;

    cr_assert_eq(input_open(self, &options, &error, &input), 0, "%s", error.message);
    return input;
}

static void assert_job(struct co_task *self, struct input *input, uint64_t index, const char *source, const char *url)
{
    struct job *job = NULL;

    cr_assert_eq(input_next(self, input, &job, NULL), 1);
    cr_assert_eq(job->index, index);
    cr_assert_str_eq(job->source, source);
    cr_assert_str_eq(job->url, url);
    cr_assert_null(job->problem);
    job_close(job);
}

static void assert_end(struct co_task *self, struct input *input)
{
    struct job *job;

    cr_assert_eq(input_next(self, input, &job, NULL), 0);
    cr_assert_eq(input_next(self, input, &job, NULL), 0, "and it stays the end");
    input_close(input);
}

INPUT_TEST(gives_arguments_first_and_then_the_files_in_their_order)
{
    const char *const urls[] = {"http://h/x", "# no comment\there", NULL}, *const files[] = {"a", "b", "a", NULL};
    struct input *input = open_input(self, urls, files);

    assert_job(self, input, 1, "argument 1", "http://h/x");
    assert_job(self, input, 2, "argument 2", "# no comment\there");
    assert_job(self, input, 3, "a:3", "http://h/1");
    assert_job(self, input, 4, "a:4", "http://h/2");
    assert_job(self, input, 5, "b:1", "http://h/3");
    assert_job(self, input, 6, "a:3", "http://h/1");
    assert_job(self, input, 7, "a:4", "http://h/2");
    assert_end(self, input);
    return 0;
}

INPUT_TEST(may_have_no_jobs_at_all)
{
    const char *const files[] = {"a", NULL};

    assert_end(self, open_input(self, none, none));
    put_file("a", "");
    assert_end(self, open_input(self, none, files));
    put_file("a", "\n\n# nothing\n");
    assert_end(self, open_input(self, none, files));
    input_close(NULL);
    return 0;
}

INPUT_TEST(gives_the_name_asked_for)
{
    const char *const files[] = {"a", NULL};
    struct input *input = open_input(self, none, files);
    struct job *job;

    assert_job(self, input, 1, "a:3", "http://h/1");
    cr_assert_eq(input_next(self, input, &job, NULL), 1);
    cr_assert_str_eq(job->output, "name");
    job_close(job);
    assert_end(self, input);
    return 0;
}

static void assert_problem(struct co_task *self, struct input *input, uint64_t index, const char *source)
{
    struct job *job = NULL;

    cr_assert_eq(input_next(self, input, &job, NULL), 1);
    cr_assert_eq(job->index, index);
    cr_assert_str_eq(job->source, source);
    cr_assert_not_null(job->problem);
    job_close(job);
}

INPUT_TEST(gives_one_job_with_a_problem_for_each_bad_line)
{
    const char *const files[] = {"b", NULL};
    FILE *file = fopen("b", "w");
    struct input *input;

    fwrite("http://h/\0x\nhttp://h/1\n", 1, 23, file);
    for (int i = 0; i < 3 * JOB_LINE_MAXIMUM; i++)
        fputc('x', file);
    fputs("\nhttp://h/2\n\x1b[31m\n", file);
    cr_assert_eq(fclose(file), 0);
    input = open_input(self, none, files);
    assert_problem(self, input, 1, "b:1");
    assert_job(self, input, 2, "b:2", "http://h/1");
    assert_problem(self, input, 3, "b:3");
    assert_job(self, input, 4, "b:4", "http://h/2");
    assert_problem(self, input, 5, "b:5");
    assert_end(self, input);
    return 0;
}

INPUT_TEST(gives_a_job_while_the_rest_is_still_to_come)
{
    const char *const files[] = {"b", "-", NULL};
    struct input *input;
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    input = open_input(self, none, files);
    assert_job(self, input, 1, "b:1", "http://h/3");
    cr_assert_eq(write(ends[1], "http://h/1\nhttp://h", 19), 19);
    assert_job(self, input, 2, "-:1", "http://h/1");
    cr_assert_eq(write(ends[1], "/2\n", 3), 3);
    assert_job(self, input, 3, "-:2", "http://h/2");
    close(ends[0]);
    close(ends[1]);
    assert_end(self, input);
    return 0;
}

static void assert_refused(struct co_task *self, const char *const *files, int code, const char *message)
{
    struct input_options options = {.urls = none, .files = files};
    struct error error = {.kind = ERROR_NONE};
    struct input *input = NULL;

    cr_assert_eq(input_open(self, &options, &error, &input), -(code ? code : EINVAL));
    cr_assert_null(input);
    cr_assert_eq(error.kind, ERROR_INPUT);
    cr_assert_eq(error.code, code);
    cr_assert_str_eq(error.message, message);
}

#define ASSERT_REFUSED(code, message, ...) assert_refused(self, (const char *const[]){__VA_ARGS__, NULL}, code, message)

INPUT_TEST(names_the_file_that_cannot_be_read_before_any_job)
{
    uid_t user = geteuid();

    ASSERT_REFUSED(ENOENT, "cannot read 'missing': No such file or directory", "a", "missing");
    ASSERT_REFUSED(ENOENT, "cannot read '': No such file or directory", "");
    ASSERT_REFUSED(EISDIR, "cannot read '.': Is a directory", ".");
    ASSERT_REFUSED(0, "standard input was given twice", "-", "a", "-");
    cr_assert_eq(chmod("a", 0), 0);
    cr_assert_eq(chmod(".", 0755), 0);
    cr_assert(user != 0 || seteuid(65534) == 0);
    ASSERT_REFUSED(EACCES, "cannot read 'a': Permission denied", "a");
    cr_assert_eq(seteuid(user), 0);
    return 0;
}

INPUT_TEST(refuses_a_standard_input_that_is_a_folder_or_closed)
{
    cr_assert_eq(dup2(open("/", O_RDONLY), STDIN_FILENO), STDIN_FILENO);
    ASSERT_REFUSED(EISDIR, "cannot read '-': Is a directory", "-");
    close(STDIN_FILENO);
    ASSERT_REFUSED(EBADF, "cannot read '-': Bad file descriptor", "-");
    return 0;
}

INPUT_TEST(gives_nothing_to_a_task_that_was_cancelled)
{
    const char *const urls[] = {"http://h/x", NULL}, *const files[] = {"a", NULL};
    struct input *input = open_input(self, urls, files);
    struct co_scope scope;
    struct job *job;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_assert_eq(input_next(self, input, &job, NULL), -ECANCELED);
    cr_assert_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    assert_job(self, input, 1, "argument 1", "http://h/x");
    assert_job(self, input, 2, "a:3", "http://h/1");
    input_close(input);
    return 0;
}

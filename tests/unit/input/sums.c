#include "../../../src/input/sums.h"

#include <criterion/criterion.h>
#include <string.h>

#define MD5 "900150983cd24fb0d6963f7d28e17f72"

static struct job *read_line(const char *line)
{
    return sums_job(slice_of(line), SLICE("http://h/base"), 7, SLICE("MD5SUMS:3"));
}

static void assert_job(const char *line, const char *url, const char *output, const char *algorithm)
{
    CLEANUP(job_close) struct job *job = read_line(line);

    cr_assert(sums_is_line(slice_of(line)), "%s", line);
    cr_assert_null(job->problem, "%s: %s", line, job->problem);
    cr_assert_str_eq(job->url, url);
    cr_assert_str_eq(job->output, output);
    cr_assert_str_eq(job->digest, algorithm);
    cr_assert_str_eq(job->expected, MD5);
    cr_assert_eq(job->index, 7);
    cr_assert_str_eq(job->source, "MD5SUMS:3");
}

static void assert_problem(const char *line)
{
    CLEANUP(job_close) struct job *job = read_line(line);

    cr_assert_not_null(job, "%s", line);
    cr_assert_not_null(job->problem, "%s", line);
    cr_assert_str_eq(job->url, "");
    cr_assert_null(job->output);
}

Test(sums, are_a_digest_and_a_name)
{
    assert_job(MD5 "  a.iso", "http://h/base/a.iso", "a.iso", "md5");
    assert_job(MD5 " *a.iso\r", "http://h/base/a.iso", "a.iso", "md5");
    assert_job(MD5 "  ./folder/a b%", "http://h/base/folder/a%20b%25", "folder/a b%", "md5");
    assert_job(MD5 "   two spaces ", "http://h/base/%20two%20spaces%20", " two spaces ", "md5");
    assert_job("BLAKE2s (a (b) = c.iso) = " MD5, "http://h/base/a%20(b)%20=%20c.iso", "a (b) = c.iso", "BLAKE2s");
    assert_job(MD5 "  \xc3\xbc?#", "http://h/base/%C3%BC%3F%23", "\xc3\xbc?#", "md5");
}

Test(sums, tell_the_algorithm_by_the_number_of_digits)
{
    static const struct {
        size_t digits;
        const char *algorithm;
    } cases[] = {{32, "md5"}, {40, "sha1"}, {56, "sha224"}, {64, "sha256"}, {96, "sha384"}, {128, "sha512"}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char line[160];
        struct job *job;

        memset(line, 'a', cases[i].digits);
        strcpy(line + cases[i].digits, "  x");
        job = read_line(line);
        cr_assert_str_eq(job->digest, cases[i].algorithm);
        job_close(job);
    }
}

Test(sums, pass_over_blank_lines_and_comments)
{
    cr_assert_null(read_line(" "));
    cr_assert_null(read_line("# " MD5 "  x"));
}

Test(sums, are_nothing_else)
{
    static const char *const lines[] = {
        "http://h/x",    MD5,          MD5 " x",           MD5 "  ", "0123  x", "MD5 (x) " MD5, "MD5 () = " MD5,
        "MD5 (x) = xyz", "(x) = " MD5, "MD\t5 (x) = " MD5,
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        cr_assert_not(sums_is_line(slice_of(lines[i])), "%s", lines[i]);
        assert_problem(lines[i]);
    }
}

Test(sums, refuse_names_that_cannot_be_names)
{
    assert_problem("\\" MD5 "  a\\nb");
    assert_problem(MD5 "  a\tb");
}

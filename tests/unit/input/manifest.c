#include "../../../src/input/manifest.h"

#include <haul/base/text.h>

#include <criterion/criterion.h>
#include <string.h>

static struct job *read_line(const char *line)
{
    return manifest_job(slice_of(line), 7, SLICE("list:3"));
}

static void assert_problem(const char *line, const char *part)
{
    CLEANUP(job_close) struct job *job = read_line(line);

    cr_assert_not_null(job, "%s", line);
    cr_assert_eq(job->index, 7);
    cr_assert_str_eq(job->source, "list:3");
    cr_assert_not_null(job->problem, "%s", line);
    cr_assert_not_null(strstr(job->problem, part), "%s: %s", line, job->problem);
}

Test(manifest, knows_its_lines)
{
    cr_assert(manifest_is_line(SLICE("{")));
    cr_assert(manifest_is_line(SLICE(" \t{\"url\":\"u\"}\r")));
    cr_assert_not(manifest_is_line(SLICE("http://h/{a}")));
    cr_assert_not(manifest_is_line(SLICE("")));
}

Test(manifest, gives_a_job_all_it_says)
{
    CLEANUP(job_close)
    struct job *job = read_line(" {\"url\":\"http://h/a\",\"output\":\"x/\\u00fc\",\"id\":\"i\",\"tag\":\"t\\n\","
                                "\"checksum\":\"sha256=00ff\",\"size\":12}\r");

    cr_assert_null(job->problem);
    cr_assert_eq(job->index, 7);
    cr_assert_str_eq(job->source, "list:3");
    cr_assert_str_eq(job->url, "http://h/a");
    cr_assert_str_eq(job->output, "x/\xc3\xbc");
    cr_assert_str_eq(job->id, "i");
    cr_assert_str_eq(job->tag, "t\n");
    cr_assert_str_eq(job->digest, "sha256");
    cr_assert_str_eq(job->expected, "00ff");
    cr_assert(job->has_size);
    cr_assert_eq(job->size, 12);
}

Test(manifest, takes_null_for_what_is_absent)
{
    CLEANUP(job_close)
    struct job *job =
        read_line("{\"url\":\"u\",\"output\":null,\"id\":null,\"tag\":null,\"checksum\":null,\"size\":null}");

    cr_assert_null(job->problem);
    cr_assert_null(job->output);
    cr_assert_null(job->id);
    cr_assert_null(job->tag);
    cr_assert_null(job->digest);
    cr_assert_not(job->has_size);
}

Test(manifest, passes_over_blank_lines_and_comments)
{
    cr_assert_null(read_line(" \r"));
    cr_assert_null(read_line("# {"));
}

Test(manifest, reads_a_result_of_ours_as_its_job)
{
    CLEANUP(job_close)
    struct job *job =
        read_line("{\"schema\":\"haul.result/1\",\"type\":\"result\",\"id\":\"3\",\"tag\":null,\"index\":3,"
                  "\"output\":\"o\",\"size\":5,\"url\":\"u\",\"method\":\"GET\",\"headers\":{\"a\":[\"b\"]},"
                  "\"checksum\":{\"algorithm\":\"md5\",\"expected\":\"00\",\"actual\":\"11\",\"ok\":false}}");
    CLEANUP(job_close)
    struct job *expecting_nothing =
        read_line("{\"schema\":\"haul.result/1\",\"type\":\"result\",\"url\":\"u\","
                  "\"checksum\":{\"algorithm\":\"md5\",\"expected\":null,\"actual\":\"11\",\"ok\":null}}");

    cr_assert_null(job->problem);
    cr_assert_str_eq(job->id, "3");
    cr_assert_str_eq(job->output, "o");
    cr_assert_eq(job->size, 5);
    cr_assert_str_eq(job->digest, "md5");
    cr_assert_str_eq(job->expected, "00");
    cr_assert_null(expecting_nothing->problem);
    cr_assert_null(expecting_nothing->digest);
    cr_assert_null(read_line("{\"schema\":\"haul.run/1\",\"type\":\"run\",\"url\":\"u\"}"));
    cr_assert_null(read_line("{\"schema\":\"haul.summary/1\",\"type\":\"summary\"}"));
}

Test(manifest, says_what_is_wrong_with_a_line)
{
    assert_problem("{", "not JSON");
    assert_problem("{\"url\":\"u\"} x", "not JSON");
    assert_problem("{\"url\":\"u\",}", "not JSON");
    assert_problem("[1]", "not a JSON object");
    assert_problem("http://h/", "not JSON");
    assert_problem("{}", "no 'url'");
    assert_problem("{\"url\":null}", "no 'url'");
    assert_problem("{\"url\":\"\"}", "no 'url'");
    assert_problem("{\"url\":1}", "'url' is not a string");
    assert_problem("{\"url\":\"a\\nb\"}", "'url' has a control character");
    assert_problem("{\"url\":\"u\",\"output\":\"a\\u0000b\"}", "NUL");
    assert_problem("{\"url\":\"u\",\"output\":\"a\\tb\"}", "'output' has a control character");
    assert_problem("{\"url\":\"u\",\"url\":\"v\"}", "'url' is given twice");
    assert_problem("{\"url\":\"u\",\"Output\":\"v\"}", "'Output' is no key");
    assert_problem("{\"url\":\"u\",\"request\":{}}", "'request' is no key");
    assert_problem("{\"url\":\"u\",\"mirrors\":\"v\"}", "'mirrors' is not an array");
    assert_problem("{\"url\":\"u\",\"mirrors\":[1]}", "'mirrors' has what is no string");
    assert_problem("{\"url\":\"u\",\"mirrors\":[\"\"]}", "'mirrors' has what is no string");
    assert_problem("{\"url\":\"u\",\"mirrors\":[\"a\\tb\"]}", "'mirrors' has a URL with a control character");
    assert_problem("{\"url\":\"u\",\"mirrors\":[1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7]}", "'mirrors' has more than 16");
    assert_problem("{\"url\":\"u\",\"priority\":10}", "'priority' is not a whole number from -9 to 9");
    assert_problem("{\"url\":\"u\",\"priority\":-1e300}", "'priority'");
    assert_problem("{\"url\":\"u\",\"priority\":0.5}", "'priority'");
    assert_problem("{\"url\":\"u\",\"priority\":\"1\"}", "'priority'");
    assert_problem("{\"url\":\"u\",\"size\":-1}", "'size'");
    assert_problem("{\"url\":\"u\",\"size\":1.5}", "'size'");
    assert_problem("{\"url\":\"u\",\"size\":1e300}", "'size'");
    assert_problem("{\"url\":\"u\",\"size\":\"1\"}", "'size'");
    assert_problem("{\"url\":\"u\",\"checksum\":\"00\"}", "'checksum'");
    assert_problem("{\"url\":\"u\",\"checksum\":{}}", "'checksum'");
    assert_problem("{\"url\":\"u\",\"checksum\":{\"algorithm\":\"md5\",\"expected\":\"xx\"}}", "'checksum'");
    assert_problem("{\"url\":\"u\",\"checksum\":\"md5=00\",\"checks\":[{\"check\":\"digest\",\"equals\":\"md5=00\"}]}",
                   "'checks' have a digest");
    assert_problem("{\"schema\":\"haul.result/1\",\"type\":\"result\",\"url\":null}", "no 'url'");
}

static void assert_headers(const struct job *job, const char *const *headers)
{
    const char *next = job->headers;

    for (; *headers; headers++, next += strlen(next) + 1)
        cr_assert_str_eq(next, *headers);
    cr_assert_str_eq(next, "");
}

Test(manifest, gives_a_job_its_own_question)
{
    CLEANUP(job_close)
    struct job *job = read_line("{\"url\":\"u\",\"method\":\"PATCH\",\"data\":\"@x\",\"headers\":{"
                                "\"A\":[\"1\",\" 2\\t\"],\"B\":\"\",\"Host\":\"h\",\"C\":[]}}");
    CLEANUP(job_close) struct job *empty = read_line("{\"url\":\"u\",\"data\":\"\",\"headers\":{}}");

    cr_assert_null(job->problem);
    cr_assert_str_eq(job->method, "PATCH");
    assert_headers(job, (const char *const[]){"A: 1", "A: 2", "B;", "Host: h", NULL});
    cr_assert(job->has_data && slice_equal(job->data, SLICE("@x")) && !job->data_is_json);
    cr_assert_null(empty->problem);
    cr_assert_null(empty->headers);
    cr_assert(empty->has_data && empty->data.length == 0);
}

Test(manifest, sends_json_as_it_was_meant)
{
    CLEANUP(job_close)
    struct job *job =
        read_line("{\"url\":\"u\",\"data\":{ \"b\":[1,0.1,-999999999999999,true,null],\"a\":\"\\u00fc\" } }");

    cr_assert_null(job->problem);
    cr_assert(job->data_is_json);
    cr_assert(slice_equal(job->data, SLICE("{\"b\":[1,0.1,-999999999999999,true,null],\"a\":\"\xc3\xbc\"}")),
              SLICE_FORMAT, SLICE_ARGUMENT(job->data));
}

#define ASKING(key, value) "{\"url\":\"u\",\"" key "\":" value "}"

Test(manifest, refuses_what_is_not_for_a_list_to_say)
{
    static const char *const reserved[] = {
        "Connection", "TE", "transfer-encoding", "Content-Length", "Upgrade", "Proxy-Authorization", "Range", "Expect"};

    assert_problem(ASKING("method", "\"\""), "'method'");
    assert_problem(ASKING("method", "\"GET /\""), "'method'");
    assert_problem(ASKING("method", "\"GE\\r\\nT\""), "'method'");
    assert_problem(ASKING("method", "\"connect\""), "'method'");
    assert_problem(ASKING("method", "1"), "'method'");
    assert_problem(ASKING("headers", "[]"), "'headers'");
    assert_problem(ASKING("headers", "{\"a b\":\"\"}"), "'headers'");
    assert_problem(ASKING("headers", "{\"\":\"\"}"), "'headers'");
    assert_problem(ASKING("headers", "{\"A:\":\"\"}"), "'headers'");
    assert_problem(ASKING("headers", "{\"A\":1}"), "'A'");
    assert_problem(ASKING("headers", "{\"A\":[[\"\"]]}"), "'A'");
    assert_problem(ASKING("headers", "{\"A\":\"b\\r\\nC: d\"}"), "'A' is a header with a line break");
    assert_problem(ASKING("headers", "{\"A\":[\"b\\nc\"]}"), "'A' is a header with a line break");
    assert_problem(ASKING("data", "1"), "'data'");
    assert_problem(ASKING("data", "[1e15]"), "'data' has a number");
    assert_problem(ASKING("data", "{\"a\":[1e999]}"), "'data' has a number");
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        CLEANUP(text_release) struct text line = {.length = 0};

        text_append_format(&line, ASKING("headers", "{\"%s\":\"x\"}"), reserved[i]);
        assert_problem(line.bytes, "not for a list");
    }
}

#define TOLD(request) "{\"schema\":\"haul.result/1\",\"type\":\"result\",\"url\":\"u\",\"request\":" request "}"

Test(manifest, makes_no_other_question_of_a_record)
{
    CLEANUP(job_close) struct job *job = read_line(TOLD("{\"method\":\"PUT\",\"headers\":[],\"data\":false}"));

    cr_assert_null(job->problem);
    cr_assert_str_eq(job->method, "PUT");
    assert_problem(TOLD("{\"method\":null,\"headers\":[\"A\"],\"data\":false}"), "use the list");
    assert_problem(TOLD("{\"method\":null,\"headers\":[],\"data\":true}"), "use the list");
    assert_problem(TOLD("{\"method\":\"a b\"}"), "'method'");
}

Test(manifest, bounds_what_a_job_carries)
{
    CLEANUP(text_release) struct text line = {.length = 0};

    text_append_string(&line, "{\"url\":\"u\",\"data\":\"");
    while (line.length <= JOB_DATA_MAXIMUM + 100)
        text_append_string(&line, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    text_append_string(&line, "\"}");
    assert_problem(line.bytes, "'data' is more than");
    text_clear(&line);
    text_append_string(&line, "{\"url\":\"u\",\"headers\":{\"A\":[\"\"");
    while (line.length <= 3 * JOB_HEADERS_MAXIMUM)
        text_append_string(&line, ",\"\"");
    text_append_string(&line, "]}}");
    assert_problem(line.bytes, "'headers' is more than");
}

Test(manifest, refuses_what_is_nested_deeper_than_a_stack_can_bear)
{
    CLEANUP(text_release) struct text line = {.length = 0};

    text_append_string(&line, "{\"url\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\",\"tag\":");
    for (int i = 0; i < 900; i++)
        text_append_byte(&line, '[');
    assert_problem(line.bytes, "brackets");
}

Test(manifest, refuses_what_is_too_long)
{
    CLEANUP(text_release) struct text line = {.length = 0};

    text_append_string(&line, "{\"url\":\"");
    while (line.length <= MANIFEST_LINE_MAXIMUM)
        text_append_string(&line, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    assert_problem(line.bytes, "too long");
}

#define RESULT(status, id, url)                                                                                        \
    SLICE("{\"schema\":\"haul.result/1\",\"type\":\"result\",\"id\":\"" id "\",\"status\":\"" status                   \
          "\",\"url\":\"" url "\"}")

Test(manifest, tells_whether_a_result_is_done)
{
    struct manifest_result ok, failed, other;

    cr_assert(manifest_read_result(RESULT("ok", "1", "u"), &ok));
    cr_assert(manifest_read_result(RESULT("failed", "1", "u"), &failed));
    cr_assert(manifest_read_result(RESULT("cancelled", "1u", ""), &other));
    cr_assert(ok.done);
    cr_assert_not(failed.done);
    cr_assert_not(other.done);
    cr_assert_eq(ok.key, failed.key);
    cr_assert_neq(ok.key, other.key);
    cr_assert_not(manifest_read_result(SLICE("{\"schema\":\"haul.result/1\",\"type\":\"result\",\"id\""), &ok));
    cr_assert_not(manifest_read_result(SLICE("{\"url\":\"u\"}"), &ok));
    cr_assert_not(manifest_read_result(SLICE(""), &ok));
}

Test(manifest, finds_nothing_of_ours_in_a_blank_line)
{
    cr_assert_not(manifest_is_ours(SLICE("")));
    cr_assert_not(manifest_is_ours(SLICE("  \r")));
}

Test(manifest, takes_a_backslash_before_u0000_for_what_it_is)
{
    CLEANUP(job_close) struct job *job = read_line("{\"url\":\"http://h/\\\\u0000\"}");

    cr_assert_null(job->problem);
    cr_assert_str_eq(job->url, "http://h/\\u0000");
    assert_problem("{\"url\":\"http://h/\\\\\\u0000\"}", "NUL");
}

Test(manifest, knows_where_else_a_job_may_be_done)
{
    CLEANUP(job_close) struct job *job = read_line("{\"url\":\"u\",\"mirrors\":[\"http://a/\",\"http://b/\"]}");
    CLEANUP(job_close) struct job *without = read_line("{\"url\":\"u\",\"mirrors\":[]}");
    CLEANUP(job_close)
    struct job *again =
        read_line("{\"schema\":\"haul.result/1\",\"type\":\"result\",\"url\":\"u\",\"mirrors\":[\"http://a/\"]}");

    cr_assert_null(job->problem);
    cr_assert_eq(memcmp(job->mirrors, "http://a/\0http://b/\0", sizeof "http://a/\0http://b/\0"), 0);
    cr_assert_null(without->problem);
    cr_assert_null(without->mirrors);
    cr_assert_str_eq(again->mirrors, "http://a/");
}

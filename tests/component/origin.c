/* The test origin, asked by curl: what other tests rely on. */
#include <haul/base/text.h>

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/origin_XXXXXX";
static pid_t child;
static int port;

static int read_announcement(int fd)
{
    FILE *file = fdopen(fd, "r");
    int number = 0;

    cr_assert_eq(fscanf(file, "listening on 127.0.0.1:%d", &number), 1);
    fclose(file);
    return number;
}

static void write_file(const char *name, const char *content)
{
    FILE *file;

    cr_assert_eq(chdir(folder), 0);
    file = fopen(name, "w");
    cr_assert_not_null(file);
    fputs(content, file);
    fclose(file);
}

static void start(void)
{
    const char *program = getenv("ORIGIN");
    int ends[2];

    cr_assert_not_null(mkdtemp(folder));
    write_file("a file", "of bytes");
    cr_assert_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execl(program, program, "--root", folder, "--port-file", "port", (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    port = read_announcement(ends[0]);
}

static void stop(void)
{
    int status;

    kill(child, SIGTERM);
    cr_expect_eq(waitpid(child, &status, 0), child);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
    unlink("a file");
    unlink("port");
    rmdir(folder);
}

TestSuite(origin, .init = start, .fini = stop);

/* What curl prints for these options and path, with "[exit N]" when it fails. */
static const char *ask(struct text *text, const char *options, const char *path)
{
    char command[512], piece[4096];
    size_t count;
    FILE *pipe;
    int status;

    snprintf(command, sizeof command, "curl -s -m 5 %s 'http://127.0.0.1:%d%s'", options, port, path);
    text_clear(text);
    pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    while ((count = fread(piece, 1, sizeof piece, pipe)) > 0)
        text_append(text, (struct slice){piece, count});
    status = pclose(pipe);
    if (status != 0)
        text_append_format(text, "[exit %d]", WEXITSTATUS(status));
    return text->bytes ? text->bytes : "";
}

struct question {
    const char *options, *path, *expected;
};

static void expect_answers(const struct question *questions, size_t count)
{
    CLEANUP(text_release) struct text text = {0};

    for (size_t i = 0; i < count; i++)
        cr_expect_str_eq(ask(&text, questions[i].options, questions[i].path), questions[i].expected, "%s: %s",
                         questions[i].path, text.bytes);
}

#define EXPECT_ANSWERS(...)                                                                                            \
    do {                                                                                                               \
        static const struct question questions[] = {__VA_ARGS__};                                                      \
        expect_answers(questions, sizeof questions / sizeof questions[0]);                                             \
    } while (0)

#define CODE_AND_SIZE "-o /dev/null -w '%{http_code} %{size_download}'"

Test(origin, writes_its_port_to_a_file)
{
    FILE *file = fopen("port", "r");
    int number = 0;

    cr_assert_not_null(file);
    cr_assert_eq(fscanf(file, "%d", &number), 1);
    fclose(file);
    cr_assert_eq(number, port);
}

Test(origin, serves_files_of_its_root_only)
{
    EXPECT_ANSWERS({"", "/files/a%20file", "of bytes"}, {CODE_AND_SIZE, "/files/missing", "404 22"},
                   {CODE_AND_SIZE " --path-as-is", "/files/../port", "404 22"},
                   {CODE_AND_SIZE, "/files/%2e%2e/port", "404 22"}, {CODE_AND_SIZE, "/files/", "404 22"});
}

Test(origin, sends_the_bytes_it_was_asked_for)
{
    CLEANUP(text_release) struct text text = {0};

    ask(&text, "", "/bytes/300000");
    cr_assert_eq(text.length, 300000);
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.bytes[i] != (i * 31 + 7) % 251)
            cr_assert_fail("wrong byte at %zu", i);
    EXPECT_ANSWERS({CODE_AND_SIZE, "/chunked/40000", "200 40000"}, {CODE_AND_SIZE " -0", "/chunked/40000", "200 40000"},
                   {CODE_AND_SIZE, "/close/100", "200 100"}, {CODE_AND_SIZE, "/drip/5/1", "200 5"},
                   {CODE_AND_SIZE " -I", "/bytes/1099511627776", "200 0"}, {CODE_AND_SIZE, "/bytes/x", "400 33"});
}

Test(origin, fails_as_often_as_it_was_told_for_each_url)
{
    EXPECT_ANSWERS({"", "/status/404", "status 404\n"}, {"", "/status/503/2?a", "status 503\n"},
                   {"", "/status/503/2?a", "status 503\n"}, {"", "/status/503/2?a", "status 200\n"},
                   {"", "/status/503/2?b", "status 503\n"}, {CODE_AND_SIZE, "/retry-after/1", "429 0"},
                   {CODE_AND_SIZE, "/retry-after/1", "200 13"}, {CODE_AND_SIZE, "/status/204", "204 0"});
}

Test(origin, sends_parts_and_only_what_is_not_known_yet)
{
    EXPECT_ANSWERS({"-r 3-", "/files/a%20file", "bytes"}, {"-r 0-1", "/files/a%20file", "of"},
                   {"-r -2", "/files/a%20file", "es"}, {CODE_AND_SIZE " -r 10-", "/bytes/100", "206 90"},
                   {CODE_AND_SIZE " -r 100-", "/bytes/100", "416 0"},
                   {CODE_AND_SIZE " -r 10- -H 'If-Range: \"bytes-100\"'", "/bytes/100", "206 90"},
                   {CODE_AND_SIZE " -r 10- -H 'If-Range: \"other\"'", "/bytes/100", "200 100"},
                   {CODE_AND_SIZE " -H 'If-None-Match: \"bytes-100\"'", "/bytes/100", "304 0"});
}

Test(origin, delays_what_follows)
{
    CLEANUP(text_release) struct text text = {0};

    ask(&text, "-w ' %{time_total}'", "/delay/30/delay/30/status/200");
    cr_assert_eq(strncmp(text.bytes, "status 200\n ", 12), 0);
    cr_assert_geq(atof(text.bytes + 12), 0.06);
}

Test(origin, redirects)
{
    EXPECT_ANSWERS(
        {"-L", "/redirect/5", "arrived\n"}, {"-L --max-redirs 3", "/loop", "[exit 47]"},
        {"-o /dev/null -w '%{http_code} %header{location}'", "/redirect-to?code=308&url=%2Fa%3Fb", "308 /a?b"},
        {CODE_AND_SIZE, "/redirect-to?url=a%0d%0ab", "400 33"}, {CODE_AND_SIZE, "/no-location", "302 15"});
}

Test(origin, breaks_off_as_asked)
{
    EXPECT_ANSWERS({CODE_AND_SIZE, "/cut/10/20", "200 10[exit 18]"}, {CODE_AND_SIZE, "/reset/10/20", "200 10[exit 56]"},
                   {CODE_AND_SIZE, "/chunked-cut/10", "200 10[exit 18]"}, {"", "/garbage", "[exit 1]"},
                   {CODE_AND_SIZE " -m 0.2", "/stall/10/20", "200 10[exit 28]"},
                   {CODE_AND_SIZE " -m 0.2", "/silent", "000 0[exit 28]"});
}

Test(origin, sends_heads_of_any_size)
{
    EXPECT_ANSWERS({"-o /dev/null -w '%header{x-header-999}'", "/headers/1000", "value 999"},
                   {"-o /dev/null -w '%{size_header}'", "/big-header/20000", "20047"});
}

Test(origin, counts_what_it_serves)
{
    CLEANUP(text_release) struct text text = {0};

    ask(&text, "--no-progress-meter -Z --parallel-immediate -o /dev/null -o /dev/null", "/delay/100/status/200?[1-2]");
    EXPECT_ANSWERS({"", "/stats", "connections 3\nrequests 2\nmost_in_flight 2\n"});
}

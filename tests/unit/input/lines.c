#include "../../../src/input/lines.h"

#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <haul/co/timer.h>
#include <haul/job/job.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each test has a task, `self`, and standard input comes from `pipe_in`. */
#define LINES_TEST(name)                                                                                               \
    static int run_##name(struct co_task *self, void *unused);                                                         \
    Test(lines, name)                                                                                                  \
    {                                                                                                                  \
        int ends[2];                                                                                                   \
                                                                                                                       \
        cr_assert_eq(pipe(ends), 0);                                                                                   \
        cr_assert_eq(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);                                                       \
        close(ends[0]);                                                                                                \
        pipe_in = ends[1];                                                                                             \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
    }                                                                                                                  \
    static int run_##name(struct co_task *self, void *unused __attribute__((unused)))

static int pipe_in;

static void put(struct slice bytes)
{
    cr_assert_eq(write(pipe_in, bytes.bytes, bytes.length), (ssize_t)bytes.length);
}

static void open_lines(struct co_task *self, struct lines *lines)
{
    cr_assert_eq(lines_open(self, lines, "-", NULL), 0);
}

static void assert_line(struct co_task *self, struct lines *lines, struct slice expected)
{
    struct slice line;

    cr_assert_eq(lines_next(self, lines, &line, NULL), 1);
    cr_assert(slice_equal(line, expected), "'" SLICE_FORMAT "' is not '" SLICE_FORMAT "'", SLICE_ARGUMENT(line),
              SLICE_ARGUMENT(expected));
}

static void assert_end(struct co_task *self, struct lines *lines)
{
    struct slice line;

    cr_assert_eq(lines_next(self, lines, &line, NULL), 0);
    cr_assert_eq(lines_next(self, lines, &line, NULL), 0, "and it stays the end");
    lines_close(lines);
}

LINES_TEST(are_cut_at_newlines_and_at_the_end)
{
    struct lines lines;

    open_lines(self, &lines);
    put(SLICE("one\n\ntwo\r\nthree"));
    close(pipe_in);
    assert_line(self, &lines, SLICE("one"));
    assert_line(self, &lines, SLICE(""));
    assert_line(self, &lines, SLICE("two\r"));
    assert_line(self, &lines, SLICE("three"));
    cr_assert_eq(lines.number, 4);
    assert_end(self, &lines);
    cr_assert_eq(lines.number, 4);
    return 0;
}

LINES_TEST(are_none_in_an_empty_input)
{
    struct lines lines;

    open_lines(self, &lines);
    close(pipe_in);
    assert_end(self, &lines);
    return 0;
}

LINES_TEST(may_hold_any_byte_but_the_newline)
{
    char bytes[256];
    struct lines lines;

    for (int i = 0; i < 256; i++)
        bytes[i] = (char)i;
    open_lines(self, &lines);
    put((struct slice){bytes, 256});
    close(pipe_in);
    assert_line(self, &lines, (struct slice){bytes, '\n'});
    assert_line(self, &lines, (struct slice){&bytes['\n' + 1], 256 - '\n' - 1});
    assert_end(self, &lines);
    return 0;
}

LINES_TEST(come_as_soon_as_they_are_there)
{
    struct lines lines;

    open_lines(self, &lines);
    for (int i = 0; i < 3; i++) {
        put(SLICE("a\nb"));
        assert_line(self, &lines, i == 0 ? SLICE("a") : SLICE("ba"));
    }
    close(pipe_in);
    assert_line(self, &lines, SLICE("b"));
    assert_end(self, &lines);
    return 0;
}

LINES_TEST(lose_a_byte_order_mark_at_the_beginning_only)
{
    struct lines lines;

    open_lines(self, &lines);
    put(SLICE("\xef\xbb\xbf"
              "one\n\xef\xbb\xbftwo\n"));
    close(pipe_in);
    assert_line(self, &lines, SLICE("one"));
    assert_line(self, &lines, SLICE("\xef\xbb\xbftwo"));
    assert_end(self, &lines);
    return 0;
}

static void *drip(void *bytes)
{
    for (const char *byte = bytes; *byte; byte++) {
        put((struct slice){byte, 1});
        usleep(1000);
    }
    close(pipe_in);
    return NULL;
}

LINES_TEST(may_come_byte_by_byte)
{
    struct lines lines;
    pthread_t writer;

    open_lines(self, &lines);
    cr_assert_eq(pthread_create(&writer, NULL, drip, "\xef\xbb\xbfone\r\ntwo\n"), 0);
    assert_line(self, &lines, SLICE("one\r"));
    assert_line(self, &lines, SLICE("two"));
    assert_end(self, &lines);
    pthread_join(writer, NULL);
    return 0;
}

/* Lines around the maximum; before each a short one, so that they lie anywhere in the buffer. */
static const size_t lengths[] = {
    JOB_LINE_MAXIMUM - 1, JOB_LINE_MAXIMUM, JOB_LINE_MAXIMUM + 1, JOB_LINE_MAXIMUM + 2, 3 * JOB_LINE_MAXIMUM,
};

#define LENGTH_COUNT (sizeof lengths / sizeof *lengths)

static void *write_lengths(void *unused)
{
    static char bytes[3 * JOB_LINE_MAXIMUM];

    memset(bytes, 'x', sizeof bytes);
    for (size_t i = 0; i < LENGTH_COUNT; i++) {
        put(SLICE("short\n"));
        put((struct slice){bytes, lengths[i]});
        put(SLICE("\n"));
    }
    put((struct slice){bytes, sizeof bytes});
    close(pipe_in);
    return unused;
}

LINES_TEST(above_the_maximum_give_their_beginning)
{
    struct lines lines;
    struct slice line;
    pthread_t writer;

    open_lines(self, &lines);
    cr_assert_eq(pthread_create(&writer, NULL, write_lengths, NULL), 0);
    for (size_t i = 0; i <= LENGTH_COUNT; i++) {
        size_t length = i < LENGTH_COUNT ? lengths[i] : 3 * JOB_LINE_MAXIMUM;

        if (i < LENGTH_COUNT)
            assert_line(self, &lines, SLICE("short"));
        cr_assert_eq(lines_next(self, &lines, &line, NULL), 1);
        cr_assert_eq(line.length, length > JOB_LINE_MAXIMUM ? JOB_LINE_MAXIMUM + 1 : length);
    }
    cr_assert_eq(lines.number, 2 * LENGTH_COUNT + 1);
    assert_end(self, &lines);
    pthread_join(writer, NULL);
    return 0;
}

static void *write_fifty_megabytes(void *unused)
{
    static char bytes[50000];

    memset(bytes, 'x', sizeof bytes);
    for (int i = 0; i < 1000; i++)
        put((struct slice){bytes, sizeof bytes});
    put(SLICE("\nafter\n"));
    close(pipe_in);
    return unused;
}

LINES_TEST(of_any_length_take_the_same_memory)
{
    struct lines lines;
    struct slice line;
    pthread_t writer;

    open_lines(self, &lines);
    cr_assert_eq(pthread_create(&writer, NULL, write_fifty_megabytes, NULL), 0);
    cr_assert_eq(lines_next(self, &lines, &line, NULL), 1);
    cr_assert_eq(line.length, JOB_LINE_MAXIMUM + 1);
    assert_line(self, &lines, SLICE("after"));
    cr_assert_eq(lines.number, 2);
    cr_assert_leq(lines.buffer.capacity, 4 * JOB_LINE_MAXIMUM);
    assert_end(self, &lines);
    pthread_join(writer, NULL);
    return 0;
}

static int wait_for_line(struct co_task *self, void *lines)
{
    struct slice line;

    return lines_next(self, lines, &line, NULL);
}

LINES_TEST(end_their_wait_when_cancelled_and_lose_nothing)
{
    struct lines lines;
    int64_t begun;

    open_lines(self, &lines);
    put(SLICE("be"));
    begun = co_now();
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(20), wait_for_line, &lines), -ETIMEDOUT);
    cr_assert_lt(co_now() - begun, CO_SECONDS(1));
    put(SLICE("gin\n"));
    assert_line(self, &lines, SLICE("begin"));
    cr_assert_eq(lines.number, 1);
    close(pipe_in);
    assert_end(self, &lines);
    return 0;
}

LINES_TEST(too_long_are_one_even_when_cancelled_in_between)
{
    static char bytes[JOB_LINE_MAXIMUM + 1];
    struct lines lines;
    struct slice line;

    memset(bytes, 'x', sizeof bytes);
    cr_assert_geq(fcntl(pipe_in, F_SETPIPE_SZ, 4 * JOB_LINE_MAXIMUM), 0);
    open_lines(self, &lines);
    put((struct slice){bytes, sizeof bytes});
    cr_assert_eq(lines_next(self, &lines, &line, NULL), 1);
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(20), wait_for_line, &lines), -ETIMEDOUT);
    put(SLICE("rest\nnext\n"));
    assert_line(self, &lines, SLICE("next"));
    lines_close(&lines);
    close(pipe_in);
    return 0;
}

LINES_TEST(come_from_a_pipe_that_does_not_block)
{
    struct lines lines;

    cr_assert_eq(fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK), 0);
    open_lines(self, &lines);
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(20), wait_for_line, &lines), -ETIMEDOUT);
    put(SLICE("one\n"));
    assert_line(self, &lines, SLICE("one"));
    lines_close(&lines);
    close(pipe_in);
    return 0;
}

static void *open_late(void *path)
{
    usleep(50000);
    pipe_in = open(path, O_WRONLY);
    put(SLICE("one\n"));
    close(pipe_in);
    return NULL;
}

LINES_TEST(come_from_a_fifo_whose_writer_comes_later)
{
    char folder[] = "/tmp/haul_input_XXXXXX", path[64];
    struct lines lines;
    pthread_t writer;

    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/fifo", folder);
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_assert_eq(lines_open(self, &lines, path, NULL), 0);
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(20), wait_for_line, &lines), -ETIMEDOUT);
    cr_assert_eq(pthread_create(&writer, NULL, open_late, path), 0);
    assert_line(self, &lines, SLICE("one"));
    assert_end(self, &lines);
    pthread_join(writer, NULL);
    unlink(path);
    rmdir(folder);
    return 0;
}

LINES_TEST(that_cannot_be_read_on_tell_how_far_it_went)
{
    struct error error = {.kind = ERROR_NONE};
    struct lines lines;
    struct slice line;

    open_lines(self, &lines);
    put(SLICE("one\ntwo\n"));
    assert_line(self, &lines, SLICE("one"));
    assert_line(self, &lines, SLICE("two"));
    cr_assert_eq(dup2(open("/", O_RDONLY), STDIN_FILENO), STDIN_FILENO);
    cr_assert_eq(lines_next(self, &lines, &line, &error), -EISDIR);
    cr_assert_eq(error.kind, ERROR_INPUT);
    cr_assert_str_eq(error.message, "cannot read on in '-' after line 2: Is a directory");
    lines_close(&lines);
    return 0;
}

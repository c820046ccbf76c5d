#include "../../../src/disk/write.h"

#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define SIZE (1024 * 1024)

static char bytes[SIZE];

static void fill(void)
{
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)(i * 7 + i / 4096);
}

static void *read_slowly(void *argument)
{
    int fd = *(int *)argument;
    char *received = malloc(SIZE);
    size_t length = 0;
    ssize_t count;

    while ((count = read(fd, received + length, length < SIZE - 50000 ? 50000 : SIZE - length)) > 0) {
        length += (size_t)count;
        usleep(1000);
    }
    if (length == SIZE && memcmp(received, bytes, SIZE) == 0)
        return received;
    free(received);
    return NULL;
}

static void assert_arrives(int flags)
{
    pthread_t reader;
    void *received;
    int ends[2];

    fill();
    cr_assert_eq(pipe2(ends, 0), 0);
    cr_assert_eq(fcntl(ends[1], F_SETFL, flags), 0);
    cr_assert_eq(pthread_create(&reader, NULL, read_slowly, &ends[0]), 0);
    cr_assert_eq(write_stream(ends[1], (struct slice){bytes, SIZE}, NULL), 0);
    close(ends[1]);
    pthread_join(reader, &received);
    cr_assert_not_null(received);
    free(received);
    close(ends[0]);
}

Test(write, gives_a_slow_reader_all_of_the_bytes)
{
    assert_arrives(0);
}

Test(write, waits_where_the_pipe_itself_does_not)
{
    assert_arrives(O_NONBLOCK);
}

Test(write, goes_on_after_a_short_count_and_then_tells_why)
{
    struct rlimit limit = {.rlim_cur = 5000, .rlim_max = RLIM_INFINITY};
    char name[] = "/tmp/haul_write_XXXXXX";
    int fd = mkstemp(name);

    cr_assert_geq(fd, 0);
    unlink(name);
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_eq(write_file(fd, (struct slice){bytes, 5001}), -EFBIG);
    cr_assert_eq(lseek(fd, 0, SEEK_CUR), 5000);
    cr_assert_eq(write_file(fd, (struct slice){.length = 0}), 0);
    cr_assert_eq(write_stream(fd, (struct slice){bytes, 1}, NULL), -EFBIG);
    close(fd);
}

Test(write, tells_that_the_reader_has_gone)
{
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(pipe(ends), 0);
    close(ends[0]);
    cr_assert_eq(write_stream(ends[1], SLICE("x"), NULL), -EPIPE);
    close(ends[1]);
    cr_assert_eq(write_stream(ends[1], SLICE("x"), NULL), -EBADF);
    cr_assert_eq(write_file(ends[1], SLICE("x")), -EBADF);
}

static int write_on_thread(void *argument, const struct co_token *token)
{
    return write_stream(*(int *)argument, (struct slice){bytes, SIZE}, token);
}

static int write_to_silence(struct co_task *self, void *argument)
{
    return co_to_thread(self, write_on_thread, argument);
}

static int cancel_soon(struct co_task *self, void *argument)
{
    int64_t begun = co_now();

    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(50), write_to_silence, argument), -ETIMEDOUT);
    cr_assert_lt(co_now() - begun, CO_SECONDS(1));
    return 0;
}

Test(write, ends_with_its_cancel_though_nobody_reads)
{
    int ends[2];

    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(co_run(cancel_soon, &ends[1], NULL), 0);
    close(ends[0]);
    close(ends[1]);
}

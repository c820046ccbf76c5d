#include <haul/co/file.h>
#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/thread.h>
#include <haul/co/timer.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Each test has a task, `self`, and an empty folder as its working directory. */
#define FILE_TEST(name)                                                                                                \
    static int run_##name(struct co_task *self, void *unused);                                                         \
    Test(file, name)                                                                                                   \
    {                                                                                                                  \
        char folder[] = "/tmp/co_file_XXXXXX";                                                                         \
                                                                                                                       \
        cr_assert_not_null(mkdtemp(folder));                                                                           \
        cr_assert_eq(chdir(folder), 0);                                                                                \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
        unlink("a");                                                                                                   \
        cr_assert_eq(rmdir(folder), 0);                                                                                \
    }                                                                                                                  \
    static int run_##name(struct co_task *self, void *unused __attribute__((unused)))

static int create(struct co_task *self, const char *path)
{
    int fd = co_file_open(self, path, O_RDWR | O_CREAT | O_EXCL, 0640);

    cr_assert_geq(fd, 0);
    return fd;
}

FILE_TEST(reads_what_was_written)
{
    char bytes[16];
    int fd = create(self, "a");

    cr_assert_eq(co_file_write(self, fd, "0123456789", 10, -1), 10);
    cr_assert_eq(co_file_write(self, fd, "ab", 2, 4), 2);
    cr_assert_eq(co_file_write(self, fd, "end", 3, -1), 3, "an offset leaves it where it stands");
    cr_assert_eq(co_file_sync(self, fd), 0);
    cr_assert_eq(co_file_read(self, fd, bytes, sizeof bytes, -1), 0);
    cr_assert_eq(co_file_read(self, fd, bytes, 4, 3), 4);
    cr_assert_eq(memcmp(bytes, "3ab6", 4), 0);
    cr_assert_eq(co_file_read(self, fd, bytes, sizeof bytes, 0), 13);
    cr_assert_eq(memcmp(bytes, "0123ab6789end", 13), 0);
    return co_file_close(self, fd);
}

FILE_TEST(opens_what_a_child_process_does_not_inherit)
{
    int fd = create(self, "a");

    cr_assert_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
    return co_file_close(self, fd);
}

FILE_TEST(renames_and_unlinks)
{
    struct stat stat;
    int fd = create(self, "a");

    cr_assert_eq(co_file_write(self, fd, "x", 1, -1), 1);
    cr_assert_eq(co_file_close(self, fd), 0);
    cr_assert_eq(co_file_rename(self, "a", "b"), 0);
    cr_assert_eq(co_file_stat(self, "a", &stat), -ENOENT);
    cr_assert_eq(co_file_stat(self, "b", &stat), 0);
    cr_assert_eq(stat.st_size, 1);
    cr_assert_eq(co_file_unlink(self, "b"), 0);
    cr_assert_eq(co_file_unlink(self, "b"), -ENOENT);
    return 0;
}

FILE_TEST(gives_the_error_of_the_system_call)
{
    char byte = 'x';

    cr_assert_eq(co_file_open(self, "missing", O_RDONLY, 0), -ENOENT);
    cr_assert_eq(co_file_read(self, -1, &byte, 1, -1), -EBADF);
    cr_assert_eq(co_file_write(self, -1, &byte, 1, 0), -EBADF);
    cr_assert_eq(co_file_sync(self, -1), -EBADF);
    cr_assert_eq(co_file_close(self, -1), -EBADF);
    cr_assert_eq(co_file_rename(self, "missing", "b"), -ENOENT);
    return 0;
}

FILE_TEST(puts_away_even_when_cancelled)
{
    struct co_scope scope;
    struct stat stat;
    int fd = create(self, "a");

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_assert_eq(co_file_write(self, fd, "x", 1, -1), -ECANCELED);
    cr_assert_eq(co_file_close(self, fd), 0);
    cr_assert_eq(co_file_unlink(self, "a"), 0);
    cr_assert_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    cr_assert_eq(fcntl(fd, F_GETFD), -1);
    cr_assert_eq(co_file_stat(self, "a", &stat), -ENOENT);
    return 0;
}

static int occupy_thread(void *unused, const struct co_token *token)
{
    (void)unused, (void)token;
    usleep(100000);
    return 0;
}

static int occupy(struct co_task *self, void *unused)
{
    return co_to_thread(self, occupy_thread, unused);
}

static int create_a(struct co_task *self, void *unused)
{
    (void)unused;
    return co_file_open(self, "a", O_WRONLY | O_CREAT, 0600);
}

FILE_TEST(never_does_what_was_cancelled_before_a_thread_was_free)
{
    struct co_group group;
    struct stat stat;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 4; i++)
        cr_assert_eq(co_spawn(self, &group, occupy, NULL), 0);
    cr_assert_eq(co_yield_now(self), 0);
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(5), create_a, NULL), -ETIMEDOUT);
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    cr_assert_eq(co_file_stat(self, "a", &stat), -ENOENT);
    return 0;
}

FILE_TEST(says_when_the_disk_is_full)
{
    int fd = co_file_open(self, "/dev/full", O_WRONLY, 0);

    cr_assert_eq(co_file_write(self, fd, "x", 1, -1), -ENOSPC);
    return co_file_close(self, fd);
}

static int open_for_reading(struct co_task *self, void *path)
{
    return co_file_open(self, path, O_RDONLY, 0);
}

/* To open a pipe waits for its other end. */
FILE_TEST(what_has_begun_is_waited_for_when_cancelled_and_gives_its_result)
{
    struct co_group group;
    struct co_task *task;
    int fd, result;

    cr_assert_eq(mkfifo("a", 0600), 0);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_assert_eq(co_spawn_named(self, &group, "reader", open_for_reading, "a", &task), 0);
    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(200)), 0);
    co_cancel(task);
    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(20)), 0);
    cr_assert_eq(co_task_state(task), CO_PENDING);
    fd = open("a", O_RDWR);
    result = co_join(self, task);
    cr_assert_geq(result, 0);
    close(fd);
    close(result);
    return co_group_close(self, &group, 0);
}

#include "run.h"

#include <haul/base/slice.h>
#include <haul/co/process.h>

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct co_process *open_shell(struct co_task *self, const char *script, struct co_process_options options)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    struct co_process *process = NULL;

    options.arguments = arguments;
    cr_expect_eq(co_process_open(co_task_runtime(self), &options, &process), 0);
    return process;
}

static int status_of(struct co_task *self, const char *script, struct co_process_options options)
{
    struct co_process *process = open_shell(self, script, options);
    int status = co_process_wait(self, process, NULL);

    co_process_close(process);
    return status;
}

static void expect_line(struct co_task *self, struct co_stream *stream, const char *expected)
{
    struct slice line = {NULL, 0};

    cr_expect_eq(co_read_line(self, stream, &line), 1);
    cr_expect(slice_equal(line, slice_of(expected)), "got '" SLICE_FORMAT "'", SLICE_ARGUMENT(line));
}

CO_TEST(process, waiting_gives_the_exit_status_each_time)
{
    struct co_process *process = open_shell(self, "exit 7", (struct co_process_options){0});
    int signal = -1;

    cr_expect_gt(co_process_id(process), 0);
    cr_expect_eq(co_process_wait(self, process, &signal), 7);
    cr_expect_eq(signal, 0);
    cr_expect_eq(co_process_wait(self, process, NULL), 7);
    co_process_close(process);
    co_process_close(NULL);
}

CO_TEST(process, that_ended_by_a_signal_gives_what_shells_give)
{
    struct co_process *process = open_shell(self, "kill -TERM $$", (struct co_process_options){0});
    int signal = 0;

    cr_expect_eq(co_process_wait(self, process, &signal), 128 + SIGTERM);
    cr_expect_eq(signal, SIGTERM);
    co_process_close(process);
}

CO_TEST(process, of_no_such_program_is_not_opened)
{
    static const char *const arguments[] = {"/no/such/program", NULL};
    struct co_process_options options = {.arguments = arguments, .output = {.kind = CO_CHANNEL_PIPE}};
    struct co_process *process = NULL;

    cr_expect_eq(co_process_open(co_task_runtime(self), &options, &process), -ENOENT);
    cr_expect_null(process);
}

CO_TEST(process, pipes_are_streams_to_it)
{
    struct co_process_options options = {
        .input = {.kind = CO_CHANNEL_PIPE}, .output = {.kind = CO_CHANNEL_PIPE}, .error = {.kind = CO_CHANNEL_PIPE}};
    struct co_process *process = open_shell(self, "echo oops >&2; cat; echo end", options);
    struct slice line;

    expect_line(self, co_process_error(process), "oops");
    cr_expect_eq(co_write(self, co_process_input(process), "there and back\n", 15), 0);
    expect_line(self, co_process_output(process), "there and back");
    cr_expect_eq(co_stream_shut_down(self, co_process_input(process)), 0);
    expect_line(self, co_process_output(process), "end");
    cr_expect_eq(co_read_line(self, co_process_output(process), &line), 0);
    cr_expect_eq(co_process_wait(self, process, NULL), 0);
    co_process_close(process);
}

CO_TEST(process, has_an_end_for_input_when_it_is_null_and_no_stream)
{
    struct co_process_options options = {.input = {.kind = CO_CHANNEL_NULL}, .output = {.kind = CO_CHANNEL_NULL}};
    struct co_process *process = open_shell(self, "echo gone; ! read line", options);

    cr_expect_null(co_process_input(process));
    cr_expect_null(co_process_output(process));
    cr_expect_eq(co_process_wait(self, process, NULL), 0);
    co_process_close(process);
}

CO_TEST(process, writes_to_a_descriptor_that_stays_the_callers)
{
    int ends[2];
    struct co_process_options options;
    char bytes[8] = "";

    cr_expect_eq(pipe2(ends, O_CLOEXEC), 0);
    options = (struct co_process_options){.output = {CO_CHANNEL_DESCRIPTOR, ends[1]}};
    cr_expect_eq(status_of(self, "printf abc", options), 0);
    cr_expect_eq(write(ends[1], "d", 1), 1);
    cr_expect_eq(read(ends[0], bytes, sizeof bytes), 4);
    cr_expect_str_eq(bytes, "abcd");
    close(ends[0]);
    close(ends[1]);
}

CO_TEST(process, gets_the_environment_and_the_directory_it_is_given)
{
    static const char *const environment[] = {"COLOUR=blue", "PATH=/usr/bin:/bin", NULL};
    struct co_process_options options = {.environment = environment, .directory = "/"};

    setenv("SHAPE", "round", 1);
    cr_expect_eq(status_of(self, "test \"$COLOUR$SHAPE\" = blue && test \"$(pwd)\" = /", options), 0);
    cr_expect_eq(status_of(self, "test \"$COLOUR$SHAPE\" = round", (struct co_process_options){0}), 0);
}

static int waits(struct co_task *self, void *process)
{
    return co_process_wait(self, process, NULL);
}

CO_TEST(process, a_cancelled_wait_leaves_it_running_and_a_signal_ends_it)
{
    struct co_process *process = open_shell(self, "exec sleep 60", (struct co_process_options){0});

    cr_expect_eq(co_timeout(self, CO_MILLISECONDS(20), waits, process), -ETIMEDOUT);
    cr_expect_eq(co_process_signal(process, 0), 0);
    cr_expect_eq(co_process_signal(process, SIGINT), 0);
    cr_expect_eq(co_process_wait(self, process, NULL), 128 + SIGINT);
    cr_expect_eq(co_process_signal(process, SIGINT), -ESRCH);
    co_process_close(process);
}

CO_TEST(process, several_tasks_may_wait_for_one)
{
    struct co_process *process = open_shell(self, "sleep 0.02; exit 3", (struct co_process_options){0});
    struct co_group group;
    struct co_task *tasks[2];

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 2; i++)
        co_spawn_named(self, &group, NULL, waits, process, &tasks[i]);
    for (int i = 0; i < 2; i++)
        cr_expect_eq(co_join(self, tasks[i]), 3);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    co_process_close(process);
}

static int closes_one_that_runs(struct co_task *self, void *id)
{
    struct co_process_options options = {.input = {.kind = CO_CHANNEL_PIPE}};
    struct co_process *process = open_shell(self, "exec sleep 60", options);

    *(pid_t *)id = co_process_id(process);
    co_process_close(process);
    return 0;
}

Test(process, closing_kills_it_and_nothing_is_left_of_it_after_the_run, .timeout = 60)
{
    pid_t id;

    cr_assert_eq(co_run(closes_one_that_runs, &id, NULL), 0);
    cr_expect(waitpid(id, NULL, WNOHANG) == -1 && errno == ECHILD);
}

CO_TEST(process, a_cancelled_task_does_not_wait)
{
    struct co_process *process = open_shell(self, "exit 0", (struct co_process_options){0});
    struct co_scope scope;

    co_process_wait(self, process, NULL);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_scope_end(self, &scope, co_process_wait(self, process, NULL)), 0);
    cr_expect_eq(co_check(self), 0);
    co_process_close(process);
}

static int opened_with(struct co_task *self, const char *program, struct co_process_options options)
{
    const char *const arguments[] = {program, NULL};
    struct co_process *process = NULL;
    int result;

    options.arguments = arguments;
    result = co_process_open(co_task_runtime(self), &options, &process);
    cr_expect_null(process);
    return result;
}

CO_TEST(process, tells_why_it_could_not_be_opened)
{
    struct co_channel none = {CO_CHANNEL_DESCRIPTOR, -1}, closed = {CO_CHANNEL_DESCRIPTOR, 1000000};

    cr_expect_eq(opened_with(self, "/etc/passwd", (struct co_process_options){0}), -EACCES);
    cr_expect_eq(opened_with(self, "true", (struct co_process_options){.directory = "/no/such"}), -ENOENT);
    cr_expect_eq(opened_with(self, "true", (struct co_process_options){.input = none}), -EINVAL);
    cr_expect_eq(opened_with(self, "true", (struct co_process_options){.output = closed}), -EBADF);
}

CO_TEST(process, has_streams_that_go_one_way_and_no_addresses)
{
    struct co_process_options options = {.input = {.kind = CO_CHANNEL_PIPE}, .output = {.kind = CO_CHANNEL_PIPE}};
    struct co_process *process = open_shell(self, "cat", options);
    struct sockaddr_storage address = {.ss_family = AF_INET6};
    char byte;

    cr_expect_eq(co_read(self, co_process_input(process), &byte, 1), -ENOTCONN);
    cr_expect_eq(co_write(self, co_process_output(process), "x", 1), -EPIPE);
    cr_expect_eq(co_stream_local(co_process_output(process), &address), -ENOTSOCK);
    cr_expect_eq(co_stream_peer(co_process_input(process), &address), -ENOTSOCK);
    cr_expect_eq(address.ss_family, AF_INET6);
    cr_expect_eq(co_process_signal(process, 12345), -EINVAL);
    co_process_close(process);
}

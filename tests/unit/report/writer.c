#include "../../../src/report/writer.h"

#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <haul/co/thread.h>
#include <haul/co/timer.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAXIMUM 4096

struct stage {
    struct writer writer;
    struct co_group group;
    int ends[2];
    struct text got;
};

static void open_stage(struct co_task *self, struct stage *stage)
{
    signal(SIGPIPE, SIG_IGN);
    co_group_open(self, &stage->group, CO_COLLECT, 0);
    writer_init(&stage->writer, stage->ends[1], MAXIMUM);
    cr_assert_eq(writer_start(self, &stage->group, &stage->writer), 0);
}

static void close_stage(struct co_task *self, struct stage *stage)
{
    co_group_close(self, &stage->group, 0);
    writer_release(&stage->writer);
    text_release(&stage->got);
}

static int read_to_the_end(void *argument, const struct co_token *token)
{
    struct stage *stage = argument;
    char bytes[1000];
    ssize_t count;

    (void)token;
    while ((count = read(stage->ends[0], bytes, sizeof bytes)) > 0)
        text_append(&stage->got, (struct slice){bytes, (size_t)count});
    return 0;
}

static int read_task(struct co_task *self, void *stage)
{
    return co_to_thread_shielded(self, read_to_the_end, stage);
}

static void append_numbered_line(struct writer *writer, unsigned number)
{
    text_append_format(&writer->pending, "line %06u %0100u\n", number, number);
    writer_appended(writer);
}

static void assert_numbered_lines(const struct text *got, unsigned count)
{
    CLEANUP(text_release) struct text expected = {0};

    for (unsigned i = 0; i < count; i++)
        text_append_format(&expected, "line %06u %0100u\n", i, i);
    cr_assert_eq(got->length, expected.length, "%zu bytes, not %zu", got->length, expected.length);
    cr_assert_eq(memcmp(got->bytes, expected.bytes, expected.length), 0);
}

static int write_many(struct co_task *self, void *argument)
{
    struct stage *stage = argument;

    open_stage(self, stage);
    cr_assert_eq(co_spawn(self, &stage->group, read_task, stage), 0);
    for (unsigned i = 0; i < 5000; i++) {
        cr_assert_eq(writer_wait_for_room(self, &stage->writer), 0);
        cr_assert_lt(stage->writer.pending.length, MAXIMUM);
        append_numbered_line(&stage->writer, i);
    }
    cr_assert_eq(writer_finish(self, &stage->writer), 0);
    close(stage->ends[1]);
    co_group_close(self, &stage->group, 0);
    assert_numbered_lines(&stage->got, 5000);
    writer_release(&stage->writer);
    text_release(&stage->got);
    return 0;
}

Test(writer, writes_every_line_in_order_and_keeps_little_in_memory)
{
    struct stage stage = {0};

    cr_assert_eq(pipe(stage.ends), 0);
    cr_assert_eq(co_run(write_many, &stage, NULL), 0);
}

Test(writer, waits_for_a_descriptor_that_does_not_block)
{
    struct stage stage = {0};

    cr_assert_eq(pipe(stage.ends), 0);
    fcntl(stage.ends[1], F_SETFL, O_NONBLOCK);
    cr_assert_eq(co_run(write_many, &stage, NULL), 0);
}

static int write_short_and_long_lines(struct co_task *self, void *argument)
{
    struct stage *stage = argument;
    struct text *pending = &stage->writer.pending;

    open_stage(self, stage);
    text_append_format(pending, "%0*d\n%0*d\n", 100, 1, PIPE_BUF - 102, 2);
    text_append_format(pending, "%0*d\n%0*d\n", 100, 3, PIPE_BUF - 101, 4);
    text_append_format(pending, "%0*d\n%0*d\n", 2 * PIPE_BUF, 5, 100, 6);
    writer_appended(&stage->writer);
    cr_assert_eq(writer_finish(self, &stage->writer), 0);
    close_stage(self, stage);
    return 0;
}

Test(writer, writes_as_many_whole_lines_at_once_as_a_pipe_takes_and_cuts_only_longer_ones)
{
    static const ssize_t writes[] = {PIPE_BUF, 101, PIPE_BUF - 100, PIPE_BUF, PIPE_BUF, 1, 101};
    struct stage stage = {0};
    char bytes[2 * PIPE_BUF];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, stage.ends), 0);
    cr_assert_eq(co_run(write_short_and_long_lines, &stage, NULL), 0);
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++)
        cr_assert_eq(read(stage.ends[0], bytes, sizeof bytes), writes[i], "write %zu", i);
}

static int append_until_it_waits(struct co_task *self, void *argument)
{
    struct stage *stage = argument;

    for (unsigned i = 0; i < 2000; i++) {
        writer_wait_for_room(self, &stage->writer);
        append_numbered_line(&stage->writer, i);
    }
    return 0;
}

static int write_to_a_slow_reader(struct co_task *self, void *argument)
{
    struct stage *stage = argument;
    struct co_group appenders;

    open_stage(self, stage);
    co_group_open(self, &appenders, CO_COLLECT, 0);
    cr_assert_eq(co_spawn(self, &appenders, append_until_it_waits, stage), 0);
    for (int turn = 0; turn < 50; turn++)
        cr_assert_eq(co_sleep(self, CO_MILLISECONDS(1)), 0);
    cr_assert_geq(stage->writer.pending.length + stage->writer.writing.length, MAXIMUM);
    cr_assert_lt(stage->writer.pending.length + stage->writer.writing.length, MAXIMUM + 200);

    cr_assert_eq(co_spawn(self, &stage->group, read_task, stage), 0);
    co_group_close(self, &appenders, 0);
    cr_assert_eq(writer_finish(self, &stage->writer), 0);
    close(stage->ends[1]);
    co_group_close(self, &stage->group, 0);
    assert_numbered_lines(&stage->got, 2000);
    writer_release(&stage->writer);
    text_release(&stage->got);
    return 0;
}

Test(writer, makes_only_those_wait_who_append_while_a_reader_sleeps)
{
    struct stage stage = {0};

    cr_assert_eq(pipe(stage.ends), 0);
    cr_assert_eq(co_run(write_to_a_slow_reader, &stage, NULL), 0);
}

static int write_to_a_closed_pipe(struct co_task *self, void *argument)
{
    struct stage *stage = argument;
    int result = 0;

    open_stage(self, stage);
    for (unsigned i = 0; i < 100 && result == 0; i++) {
        append_numbered_line(&stage->writer, i);
        co_sleep(self, CO_MILLISECONDS(1));
        result = writer_wait_for_room(self, &stage->writer);
    }
    cr_assert_eq(result, -EPIPE);
    append_numbered_line(&stage->writer, 0);
    cr_assert_eq(stage->writer.pending.length, 0);
    cr_assert_eq(writer_finish(self, &stage->writer), -EPIPE);
    close_stage(self, stage);
    return 0;
}

Test(writer, remembers_an_error_and_drops_what_comes_after)
{
    struct stage stage = {0};

    cr_assert_eq(pipe(stage.ends), 0);
    close(stage.ends[0]);
    cr_assert_eq(co_run(write_to_a_closed_pipe, &stage, NULL), 0);
}

static int write_to_a_full_device(struct co_task *self, void *argument)
{
    struct stage *stage = argument;

    open_stage(self, stage);
    append_numbered_line(&stage->writer, 0);
    cr_assert_eq(writer_finish(self, &stage->writer), -ENOSPC);
    close_stage(self, stage);
    return 0;
}

Test(writer, tells_of_a_full_device)
{
    struct stage stage = {.ends = {-1, open("/dev/full", O_WRONLY)}};

    cr_assert_eq(co_run(write_to_a_full_device, &stage, NULL), 0);
}

static int write_although_cancelled(struct co_task *self, void *argument)
{
    struct stage *stage = argument;
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    open_stage(self, stage);
    co_scope_cancel(&scope);
    /* As many as a pipe holds that nobody reads. */
    for (unsigned i = 0; i < 200; i++) {
        cr_assert_eq(writer_wait_for_room(self, &stage->writer), 0);
        append_numbered_line(&stage->writer, i);
    }
    cr_assert_eq(writer_finish(self, &stage->writer), 0);
    close(stage->ends[1]);
    read_to_the_end(stage, NULL);
    assert_numbered_lines(&stage->got, 200);
    close_stage(self, stage);
    cr_assert_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    return 0;
}

Test(writer, writes_on_when_everything_around_it_is_cancelled)
{
    struct stage stage = {0};

    cr_assert_eq(pipe(stage.ends), 0);
    cr_assert_eq(co_run(write_although_cancelled, &stage, NULL), 0);
}

struct numbered {
    unsigned number;
    struct list link;
};

struct owner {
    struct numbered all[300];
    unsigned given_back;
};

static void make_numbered_line(struct text *lines, const struct list *handed)
{
    unsigned number = LIST_MEMBER(handed, const struct numbered, link)->number;

    text_append_format(lines, "line %06u %0100u\n", number, number);
}

static void count_given_back(void *argument, struct list *handed)
{
    struct owner *owner = argument;

    cr_assert_eq(LIST_MEMBER(handed, struct numbered, link), &owner->all[owner->given_back]);
    owner->given_back++;
}

static void hand_over(struct writer *writer, struct owner *owner, unsigned number)
{
    owner->all[number].number = number;
    writer_hand_over(writer, &owner->all[number].link, 112);
}

static void begin_handing_over(struct co_task *self, struct stage *stage, struct owner *owner)
{
    open_stage(self, stage);
    stage->writer.make_line = make_numbered_line;
    stage->writer.give_back = count_given_back;
    stage->writer.owner = owner;
}

static int hand_over_to_a_reader(struct co_task *self, void *argument)
{
    struct stage *stage = argument;
    struct owner owner = {0};

    begin_handing_over(self, stage, &owner);
    cr_assert_eq(co_spawn(self, &stage->group, read_task, stage), 0);
    for (unsigned i = 0; i < 300; i++) {
        cr_assert_eq(writer_wait_for_room(self, &stage->writer), 0);
        cr_assert_leq(i - owner.given_back, MAXIMUM / 112 + 1, "more is held than there may be");
        hand_over(&stage->writer, &owner, i);
    }
    writer_drain(self, &stage->writer);
    cr_assert_eq(owner.given_back, 300);
    cr_assert_eq(writer_finish(self, &stage->writer), 0);
    close(stage->ends[1]);
    co_group_close(self, &stage->group, 0);
    assert_numbered_lines(&stage->got, 300);
    writer_release(&stage->writer);
    text_release(&stage->got);
    return 0;
}

Test(writer, makes_the_lines_of_what_is_handed_over_in_order_and_gives_each_back)
{
    struct stage stage = {0};

    cr_assert_eq(pipe(stage.ends), 0);
    cr_assert_eq(co_run(hand_over_to_a_reader, &stage, NULL), 0);
}

static int hand_over_to_a_full_device(struct co_task *self, void *argument)
{
    struct stage *stage = argument;
    struct owner owner = {0};

    begin_handing_over(self, stage, &owner);
    hand_over(&stage->writer, &owner, 0);
    writer_drain(self, &stage->writer);
    cr_assert_eq(owner.given_back, 1);
    hand_over(&stage->writer, &owner, 1);
    cr_assert_eq(owner.given_back, 2);
    cr_assert_eq(writer_finish(self, &stage->writer), -ENOSPC);
    close_stage(self, stage);
    return 0;
}

Test(writer, gives_back_after_an_error_what_it_will_not_write)
{
    struct stage stage = {.ends = {-1, open("/dev/full", O_WRONLY)}};

    cr_assert_eq(co_run(hand_over_to_a_full_device, &stage, NULL), 0);
}

static int finish_at_once(struct co_task *self, void *argument)
{
    struct stage *stage = argument;
    int64_t shortest = CO_FOREVER;

    for (unsigned i = 0; i < 50; i++) {
        int64_t began;

        open_stage(self, stage);
        append_numbered_line(&stage->writer, i);
        began = co_now();
        cr_assert_eq(writer_finish(self, &stage->writer), 0);
        if (co_now() - began < shortest)
            shortest = co_now() - began;
        close_stage(self, stage);
    }
    cr_assert_lt(shortest, CO_MILLISECONDS(2));
    return 0;
}

Test(writer, does_not_rest_after_the_last_line)
{
    struct stage stage = {.ends = {-1, open("/dev/null", O_WRONLY)}};

    cr_assert_eq(co_run(finish_at_once, &stage, NULL), 0);
}

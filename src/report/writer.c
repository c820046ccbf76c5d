#include "writer.h"

#include "write_all.h"

#include <haul/co/scope.h>
#include <haul/co/thread.h>

#include <string.h>

void writer_init(struct writer *writer, int descriptor, size_t maximum)
{
    *writer = (struct writer){
        .descriptor = descriptor,
        .maximum = maximum,
        .may_wait = write_may_wait(descriptor),
    };
    co_lock_init(&writer->entrance);
    co_event_init(&writer->appended);
    co_event_init(&writer->written);
    co_event_init(&writer->ended);
}

void writer_release(struct writer *writer)
{
    text_release(&writer->pending);
    text_release(&writer->writing);
}

static int write_lines(void *argument, const struct co_token *token)
{
    struct writer *writer = argument;
    struct slice rest = text_slice(&writer->writing);
    int result = 0;

    (void)token;
    if (writer->screen)
        return screen_print(writer->screen, writer->descriptor, rest);
    while (rest.length > 0 && result == 0) {
        const char *newline = memchr(rest.bytes, '\n', rest.length);
        size_t length = newline ? (size_t)(newline - rest.bytes) + 1 : rest.length;

        result =
            write_all(writer->descriptor, (struct slice){rest.bytes, length}, writer->may_wait ? &writer->hurry : NULL);
        rest = slice_from(rest, length);
    }
    return result;
}

static void take_pending(struct writer *writer)
{
    struct text empty = writer->writing;

    writer->writing = writer->pending;
    writer->pending = empty;
}

static void write_pending(struct co_task *self, struct writer *writer)
{
    take_pending(writer);
    writer->result = co_to_thread_shielded(self, write_lines, writer);
    text_clear(&writer->writing);
    if (writer->result < 0)
        text_clear(&writer->pending);
    co_event_set(&writer->written);
}

static int run(struct co_task *self, void *argument)
{
    struct writer *writer = argument;
    struct co_scope scope;

    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    for (;;) {
        if (writer->pending.length > 0) {
            write_pending(self, writer);
        } else if (!writer->finishing) {
            co_event_clear(&writer->appended);
            co_event_wait(self, &writer->appended);
        } else {
            break;
        }
    }
    co_event_set(&writer->ended);
    return co_scope_end(self, &scope, 0);
}

int writer_start(struct co_task *self, struct co_group *group, struct writer *writer)
{
    return co_spawn_named(self, group, "writer", run, writer, NULL);
}

static void wait_for_room(struct co_task *self, struct writer *writer)
{
    co_lock_acquire(self, &writer->entrance);
    while (writer->pending.length + writer->writing.length >= writer->maximum) {
        co_event_clear(&writer->written);
        co_event_wait(self, &writer->written);
    }
    co_lock_release(self, &writer->entrance);
}

int writer_wait_for_room(struct co_task *self, struct writer *writer)
{
    struct co_scope scope;

    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    wait_for_room(self, writer);
    co_scope_end(self, &scope, 0);
    return writer->result;
}

void writer_hurry(struct writer *writer)
{
    atomic_store(&writer->hurry, true);
    if (writer->screen)
        screen_hurry(writer->screen);
}

void writer_appended(struct writer *writer)
{
    if (writer->result < 0)
        text_clear(&writer->pending);
    else
        co_event_set(&writer->appended);
}

int writer_finish(struct co_task *self, struct writer *writer)
{
    struct co_scope scope;

    writer->finishing = true;
    co_event_set(&writer->appended);
    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    co_event_wait(self, &writer->ended);
    co_scope_end(self, &scope, 0);
    return writer->result;
}

#include "writer.h"

#include "write_all.h"

#include <haul/co/scope.h>
#include <haul/co/thread.h>

#include <limits.h>
#include <string.h>

#define REST CO_MILLISECONDS(2) /* between two trips to a thread */

void writer_init(struct writer *writer, int descriptor, size_t maximum)
{
    *writer = (struct writer){
        .descriptor = descriptor,
        .maximum = maximum,
        .may_wait = write_may_wait(descriptor),
    };
    list_init(&writer->handed);
    list_init(&writer->taken);
    co_lock_init(&writer->entrance);
    co_event_init(&writer->appended);
    co_event_init(&writer->wanted);
    co_event_init(&writer->written);
    co_event_init(&writer->ended);
}

void writer_release(struct writer *writer)
{
    text_release(&writer->pending);
    text_release(&writer->writing);
}

/* As many whole ones as a pipe takes at once, one at least. */
static size_t length_of_lines(struct slice rest)
{
    size_t at_once = rest.length < PIPE_BUF ? rest.length : PIPE_BUF;
    const char *newline = memrchr(rest.bytes, '\n', at_once);

    if (!newline)
        newline = memchr(rest.bytes + at_once, '\n', rest.length - at_once);
    return newline ? (size_t)(newline - rest.bytes) + 1 : rest.length;
}

static int write_by_lines(struct writer *writer, struct slice rest)
{
    int result = 0;

    while (rest.length > 0 && result == 0) {
        size_t length = length_of_lines(rest);

        result = write_all(writer->descriptor, (struct slice){rest.bytes, length}, &writer->hurry);
        rest = slice_from(rest, length);
    }
    return result;
}

static int write_lines(void *argument, const struct co_token *token)
{
    struct writer *writer = argument;

    (void)token;
    LIST_EACH (link, &writer->taken)
        writer->make_line(&writer->writing, link);
    if (writer->screen)
        return screen_print(writer->screen, writer->descriptor, text_slice(&writer->writing));
    if (writer->may_wait)
        return write_by_lines(writer, text_slice(&writer->writing));
    return write_all(writer->descriptor, text_slice(&writer->writing), NULL);
}

static void take_pending(struct writer *writer)
{
    struct text empty = writer->writing;

    writer->writing = writer->pending;
    writer->pending = empty;
    list_splice(&writer->taken, &writer->handed);
    writer->taken_size = writer->writing.length + writer->handed_size;
    writer->handed_size = 0;
}

static void give_back(struct writer *writer, struct list *handed)
{
    struct list *link;

    while ((link = list_take_first(handed)))
        writer->give_back(writer->owner, link);
}

static void drop_pending(struct writer *writer)
{
    text_clear(&writer->pending);
    give_back(writer, &writer->handed);
    writer->handed_size = 0;
}

static void write_pending(struct co_task *self, struct writer *writer)
{
    co_event_clear(&writer->wanted);
    take_pending(writer);
    writer->result = co_to_thread_shielded(self, write_lines, writer);
    text_clear(&writer->writing);
    give_back(writer, &writer->taken);
    writer->taken_size = 0;
    if (writer->result < 0)
        drop_pending(writer);
    co_event_set(&writer->written);
}

static size_t unwritten(const struct writer *writer)
{
    return writer->pending.length + writer->handed_size + writer->taken_size;
}

/* A trip has its price: what comes meanwhile goes together, unless somebody waits for it. */
static void rest(struct co_task *self, struct writer *writer)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, co_after(REST));
    co_scope_end(self, &scope, co_event_wait(self, &writer->wanted));
}

static int run(struct co_task *self, void *argument)
{
    struct writer *writer = argument;
    struct co_scope scope;

    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    for (;;) {
        if (unwritten(writer) > 0) {
            write_pending(self, writer);
            if (!writer->finishing)
                rest(self, writer);
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
    while (unwritten(writer) >= writer->maximum) {
        co_event_set(&writer->wanted);
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
        drop_pending(writer);
    else
        co_event_set(&writer->appended);
}

void writer_hand_over(struct writer *writer, struct list *link, size_t size)
{
    list_append(&writer->handed, link);
    writer->handed_size += size;
    writer_appended(writer);
}

void writer_drain(struct co_task *self, struct writer *writer)
{
    struct co_scope scope;

    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    while (unwritten(writer) > 0) {
        co_event_set(&writer->wanted);
        co_event_clear(&writer->written);
        co_event_wait(self, &writer->written);
    }
    co_scope_end(self, &scope, 0);
}

int writer_finish(struct co_task *self, struct writer *writer)
{
    struct co_scope scope;

    writer->finishing = true;
    co_event_set(&writer->wanted);
    co_event_set(&writer->appended);
    co_scope_begin_shielded(self, &scope, CO_FOREVER);
    co_event_wait(self, &writer->ended);
    co_scope_end(self, &scope, 0);
    return writer->result;
}

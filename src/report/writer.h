/* writer.h - lines on their way to a descriptor, without ever blocking the loop.
 *
 * Lines are appended to `pending`; a task takes all that are there and writes them on a thread: to a file together, to
 * whoever reads them as they come as many whole ones with each write(2) as a pipe takes at once (PIPE_BUF): pipe(7)
 * keeps those together, whoever else writes.  A write that is cut short is continued, and a non-blocking descriptor is
 * waited for.  While lines come without end, each batch follows the one before it after two milliseconds; a first line
 * goes at once.  After an error lines are dropped and the error stays.  SIGPIPE is to be ignored.
 *
 * What takes long to be put into words may be handed over as it is: then the thread makes the line, too.
 */
#pragma once

#include "screen.h"

#include <haul/base/list.h>
#include <haul/base/text.h>
#include <haul/co/event.h>
#include <haul/co/group.h>
#include <haul/co/lock.h>

#include <stdatomic.h>

struct writer {
    struct text pending;   /* whole lines */
    struct screen *screen; /* of the terminal that the descriptor is, to print above its block; NULL: none */
    /* Of what is handed over: makes the line of one, on the thread, and gives it back, on the loop. */
    void (*make_line)(struct text *lines, const struct list *handed);
    void (*give_back)(void *owner, struct list *handed);
    void *owner;
    /* private: */
    struct text writing;
    struct list handed, taken;      /* those to be made lines of, and those that the thread is at */
    size_t handed_size, taken_size; /* bytes, the latter with what was pending */
    size_t maximum;
    int descriptor;
    int result;
    bool finishing, may_wait;
    atomic_bool hurry;
    struct co_lock entrance; /* so that those who wait for room are let in in order */
    struct co_event appended, wanted, written, ended;
};

/* The descriptor stays the caller's.  More than `maximum` bytes are a reason to wait. */
void writer_init(struct writer *writer, int descriptor, size_t maximum);
void writer_release(struct writer *writer); /* its task has ended or was never started */

/* Starts the task.  It ignores cancels and ends after writer_finish. */
int writer_start(struct co_task *self, struct co_group *group, struct writer *writer);

/* Waits until less than the maximum is pending; what is appended before the next wait may go above it.  Less than 0
 * when a write has failed.  Cancels are ignored. */
int writer_wait_for_room(struct co_task *self, struct writer *writer);

/* From now on a reader that takes nothing for WRITE_GRACE_SECONDS is given up: -ETIMEDOUT. */
void writer_hurry(struct writer *writer);

void writer_appended(struct writer *writer); /* to be called after appending */

/* In the place of appending: a line of about `size` bytes is made of it, behind those that were handed over before it.
 * Where it stands among the pending ones is not known. */
void writer_hand_over(struct writer *writer, struct list *link, size_t size);

/* Waits until all is written.  Cancels are ignored. */
void writer_drain(struct co_task *self, struct writer *writer);

/* Waits until everything is written and the task has ended; 0 or what a write failed with.  Cancels are ignored. */
int writer_finish(struct co_task *self, struct writer *writer);

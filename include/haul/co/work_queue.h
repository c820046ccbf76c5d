/* work_queue.h - small pieces of blocking work, many of them with one trip to a thread.
 *
 * A trip costs several system calls, more than writing a small file.  Pieces that come while others are being done
 * wait and go together; a piece that comes alone goes at once.  When CO_WORK_QUEUE_PATIENCE of them wait, the work is
 * slow, and they go by another thread meanwhile.  A slow piece holds up those that went with it: large ones belong to
 * co_to_thread.
 *
 * A thread that finds itself on the processor of the loop at the beginning of a trip of four pieces or more moves to
 * another, if it may use one (sched_setaffinity(2)); later it may come back.
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/co/export.h>
#include <haul/co/task.h>
#include <haul/co/thread.h>

CO_EXPORT_BEGIN

#define CO_WORK_QUEUE_PATIENCE 16

struct co_work_queue;

/* At most `trips` go at once; 1 or more.
 *
 * Gives the queue, the caller's to close; NULL when there is no memory. */
struct co_work_queue *co_work_queue_open(struct co_runtime *runtime, unsigned trips);

/* To be said before the first piece: `end` is called on the thread at the end of each trip, before the tasks go on:
 * the place for what need be done only once for all of the pieces, such as a commit. */
void co_work_queue_at_trip_end(struct co_work_queue *queue, void (*end)(void *argument), void *argument);

/* Nothing may be under way; NULL is fine. */
void co_work_queue_close(struct co_work_queue *queue);
CLEANUP_FUNCTION(co_work_queue_close, struct co_work_queue *)

/* As co_to_thread, cancellation included; the token is NULL.
 *
 * Gives what the work gave.
 *
 * Fails as the work did. */
int co_work_queue_run(struct co_task *self, struct co_work_queue *queue, co_work *work, void *argument);

CO_EXPORT_END

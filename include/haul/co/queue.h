/* queue.h - a bounded queue of pointers between tasks: a full one makes the putter wait, an empty one the getter.
 *
 * First-in first-out for items and for waiters.  Whoever shuts it down lets getters have what is left.
 *
 * Who wants to know when everything that was put has also been dealt with calls co_queue_join; then each getter calls
 * co_queue_done once for each item, when it has finished with it.  Without a joiner nobody need call it.
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

#include <stddef.h>

CO_EXPORT_BEGIN

struct co_queue {
    /* private: */
    struct list putters, getters, joiners;
    void **items;
    size_t capacity, count, first;
    size_t unfinished; /* put and not yet done */
    bool shut;
};

/* Room for `capacity` items, at least 1.
 *
 * Fails with -ENOMEM. */
int co_queue_init(struct co_queue *queue, size_t capacity);

/* Nobody may wait on it; items left in it are not freed.  More than once is fine, and after a failed co_queue_init. */
void co_queue_release(struct co_queue *queue);
CLEANUP_VALUE(co_queue_release, struct co_queue)

/* Waits for room.  After a failure the item is still the caller's.
 *
 * Fails with -EPIPE: the queue is shut down. */
int co_queue_put(struct co_task *self, struct co_queue *queue, void *item);

/* Waits for an item.
 *
 * Gives 1 and an item; 0 when the queue is shut down and empty.
 *
 * Fails when cancelled. */
int co_queue_get(struct co_task *self, struct co_queue *queue, void **ret_item);

bool co_queue_try_put(struct co_queue *queue, void *item);      /* false: no room, or shut down; never waits */
bool co_queue_try_get(struct co_queue *queue, void **ret_item); /* false: there is none; never waits */
void co_queue_shut_down(struct co_queue *queue);                /* waiting putters fail; more than once is fine */
size_t co_queue_count(const struct co_queue *queue);            /* items in it */

/* One item less to wait for.  More calls than items were put is a defect and aborts. */
void co_queue_done(struct co_queue *queue);

/* Waits until as many items are done as were put; returns at once when none was.  Shutting down changes nothing here:
 * what is left in the queue must still be got and done.
 *
 * Fails when cancelled. */
int co_queue_join(struct co_task *self, struct co_queue *queue);

CO_EXPORT_END

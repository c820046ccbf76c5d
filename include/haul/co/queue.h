/* queue.h - a bounded queue of pointers between tasks: a full one makes the putter wait, an empty one the getter.
 *
 * First-in first-out for items and for waiters.  Whoever shuts it down lets getters have what is left.
 */
#pragma once

#include <haul/base/list.h>
#include <haul/co/export.h>
#include <haul/co/task.h>

#include <stddef.h>

CO_EXPORT_BEGIN

struct co_queue {
    /* private: */
    struct list putters, getters;
    void **items;
    size_t capacity, count, first;
    bool shut;
};

int co_queue_init(struct co_queue *queue, size_t capacity); /* capacity >= 1; -ENOMEM */
void co_queue_release(struct co_queue *queue);              /* nobody may wait on it; items left in it are not freed */

/* -EPIPE: the queue is shut down; the item is still the caller's, as it is after -ECANCELED. */
int co_queue_put(struct co_task *self, struct co_queue *queue, void *item);

/* 1 and an item; 0 when the queue is shut down and empty. */
int co_queue_get(struct co_task *self, struct co_queue *queue, void **ret_item);

bool co_queue_try_put(struct co_queue *queue, void *item);
bool co_queue_try_get(struct co_queue *queue, void **ret_item);
void co_queue_shut_down(struct co_queue *queue); /* waiting putters get -EPIPE */
size_t co_queue_count(const struct co_queue *queue);

CO_EXPORT_END

#include "scheduler.h"

#include <haul/co/queue.h>

#include <stdio.h>
#include <stdlib.h>

/* A waiting putter holds its item, a waiting getter the place for one: while either waits, items go from task to task
 * in order, and a cancelled putter still has what it came with. */
struct queue_waiter {
    struct co_waiter waiter;
    void *item;
};

int co_queue_init(struct co_queue *queue, size_t capacity)
{
    assert(capacity >= 1);
    *queue = (struct co_queue){.items = calloc(capacity, sizeof *queue->items), .capacity = capacity};
    list_init(&queue->putters);
    list_init(&queue->getters);
    list_init(&queue->joiners);
    return queue->items ? 0 : -ENOMEM;
}

void co_queue_release(struct co_queue *queue)
{
    assert(list_is_empty(&queue->putters) && list_is_empty(&queue->getters) && list_is_empty(&queue->joiners));
    free(queue->items);
    queue->items = NULL;
}

static struct queue_waiter *first_waiter(struct list *waiters)
{
    return list_is_empty(waiters) ? NULL : LIST_MEMBER(waiters->next, struct queue_waiter, waiter.link);
}

static void append_item(struct co_queue *queue, void *item)
{
    size_t place = queue->first + queue->count++;

    queue->items[place < queue->capacity ? place : place - queue->capacity] = item;
}

static void *take_item(struct co_queue *queue)
{
    void *item = queue->items[queue->first];

    if (++queue->first == queue->capacity)
        queue->first = 0;
    queue->count--;
    return item;
}

bool co_queue_try_put(struct co_queue *queue, void *item)
{
    struct queue_waiter *getter = first_waiter(&queue->getters);

    if (queue->shut || (!getter && queue->count == queue->capacity))
        return false;
    if (getter) {
        getter->item = item;
        co_wake(&getter->waiter, 1);
    } else {
        append_item(queue, item);
    }
    queue->unfinished++;
    return true;
}

bool co_queue_try_get(struct co_queue *queue, void **ret_item)
{
    struct queue_waiter *putter = first_waiter(&queue->putters);

    if (queue->count == 0)
        return false;
    *ret_item = take_item(queue);
    if (putter) {
        append_item(queue, putter->item);
        queue->unfinished++;
        co_wake(&putter->waiter, 0);
    }
    return true;
}

int co_queue_put(struct co_task *self, struct co_queue *queue, void *item)
{
    struct queue_waiter putter = {.item = item};

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (queue->shut)
        return -EPIPE;
    if (co_queue_try_put(queue, item)) {
        co_completed_at_once(self);
        return 0;
    }
    co_waiter_init(&putter.waiter, self, "room in a queue", co_abort_now);
    list_append(&queue->putters, &putter.waiter.link);
    return co_park(self, &putter.waiter);
}

int co_queue_get(struct co_task *self, struct co_queue *queue, void **ret_item)
{
    struct queue_waiter getter = {.item = NULL};
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (co_queue_try_get(queue, ret_item)) {
        co_completed_at_once(self);
        return 1;
    }
    if (queue->shut)
        return 0;
    co_waiter_init(&getter.waiter, self, "an item in a queue", co_abort_now);
    list_append(&queue->getters, &getter.waiter.link);
    result = co_park(self, &getter.waiter);
    if (result == 1)
        *ret_item = getter.item;
    return result;
}

void co_queue_shut_down(struct co_queue *queue)
{
    struct queue_waiter *waiter;

    queue->shut = true;
    while ((waiter = first_waiter(&queue->putters)))
        co_wake(&waiter->waiter, -EPIPE);
    while ((waiter = first_waiter(&queue->getters)))
        co_wake(&waiter->waiter, 0);
}

size_t co_queue_count(const struct co_queue *queue)
{
    return queue->count;
}

void co_queue_done(struct co_queue *queue)
{
    if (queue->unfinished == 0) {
        fprintf(stderr, "co: more items of a queue are done than were put\n");
        abort();
    }
    if (--queue->unfinished > 0)
        return;
    while (!list_is_empty(&queue->joiners))
        co_wake(LIST_MEMBER(queue->joiners.next, struct co_waiter, link), 0);
}

int co_queue_join(struct co_task *self, struct co_queue *queue)
{
    struct co_waiter waiter;

    if (task_is_cancelled(self))
        return -ECANCELED;
    if (queue->unfinished == 0) {
        co_completed_at_once(self);
        return 0;
    }
    co_waiter_init(&waiter, self, "the items of a queue to be done", co_abort_now);
    list_append(&queue->joiners, &waiter.link);
    return co_park(self, &waiter);
}

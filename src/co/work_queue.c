#include "scheduler.h"

#include <haul/co/work_queue.h>

#include <sched.h>
#include <stdlib.h>

#define WORTH_A_MOVE 4 /* pieces: to change the processor costs about as much as one of them */

/* On the stack of the waiting task. */
struct piece {
    struct co_waiter waiter;
    struct co_work_queue *queue;
    struct list link; /* waiting, or on a trip */
    bool on_trip;
    co_work *work;
    void *argument;
    int result;
};

/* What one thread does, one piece after the other. */
struct trip {
    uv_work_t request;
    struct co_work_queue *queue;
    struct list pieces;
    unsigned count;
    int loops_processor; /* when it set out */
    struct list idle_link;
};

struct co_work_queue {
    struct co_runtime *runtime;
    struct list waiting, idle_trips;
    unsigned waiting_count, under_way;
    void (*at_trip_end)(void *argument); /* or NULL */
    void *end_argument;
    struct trip trips[];
};

struct co_work_queue *co_work_queue_open(struct co_runtime *runtime, unsigned trips)
{
    struct co_work_queue *queue = calloc(1, sizeof *queue + trips * sizeof *queue->trips);

    if (!queue)
        return NULL;
    queue->runtime = runtime;
    list_init(&queue->waiting);
    list_init(&queue->idle_trips);
    for (unsigned i = 0; i < trips; i++) {
        struct trip *trip = &queue->trips[i];

        trip->queue = queue;
        trip->request.data = trip;
        list_init(&trip->pieces);
        list_append(&queue->idle_trips, &trip->idle_link);
    }
    return queue;
}

void co_work_queue_at_trip_end(struct co_work_queue *queue, void (*end)(void *argument), void *argument)
{
    queue->at_trip_end = end;
    queue->end_argument = argument;
}

void co_work_queue_close(struct co_work_queue *queue)
{
    free(queue);
}

/* The kernel likes to wake a thread where the one that wakes it runs, and it takes that one's place: the loop waits
 * then, though another processor may be idle, and everything waits for the loop. */
static void leave_processor(int processor)
{
    cpu_set_t all, others;

    if (sched_getcpu() != processor || sched_getaffinity(0, sizeof all, &all) < 0)
        return;
    others = all;
    CPU_CLR(processor, &others);
    if (sched_setaffinity(0, sizeof others, &others) == 0) /* there is another */
        sched_setaffinity(0, sizeof all, &all);
}

static void on_thread(uv_work_t *request)
{
    struct trip *trip = request->data;

    if (trip->count >= WORTH_A_MOVE)
        leave_processor(trip->loops_processor);
    LIST_EACH (link, &trip->pieces) {
        struct piece *piece = LIST_MEMBER(link, struct piece, link);

        piece->result = piece->work(piece->argument, NULL);
    }
    if (trip->queue->at_trip_end)
        trip->queue->at_trip_end(trip->queue->end_argument);
}

static void start_trip(struct co_work_queue *queue);

static void on_done(uv_work_t *request, int status)
{
    struct trip *trip = request->data;
    struct list *link;

    (void)status; /* trips are not cancelled */
    trip->queue->under_way--;
    while ((link = list_take_first(&trip->pieces))) {
        struct piece *piece = LIST_MEMBER(link, struct piece, link);

        co_wake(&piece->waiter, piece->result);
    }
    list_append(&trip->queue->idle_trips, &trip->idle_link);
    start_trip(trip->queue);
}

/* Those under way will soon be back, unless the work is slow: then many wait. */
static bool trip_is_due(const struct co_work_queue *queue)
{
    return queue->waiting_count > 0 && !list_is_empty(&queue->idle_trips) &&
           (queue->under_way == 0 || queue->waiting_count >= CO_WORK_QUEUE_PATIENCE);
}

/* Takes all that wait. */
static void start_trip(struct co_work_queue *queue)
{
    struct trip *trip;

    if (!trip_is_due(queue))
        return;
    trip = LIST_MEMBER(list_take_first(&queue->idle_trips), struct trip, idle_link);
    trip->count = queue->waiting_count;
    trip->loops_processor = sched_getcpu();
    queue->waiting_count = 0;
    queue->under_way++;
    list_splice(&trip->pieces, &queue->waiting);
    LIST_EACH (link, &trip->pieces)
        LIST_MEMBER(link, struct piece, link)->on_trip = true;
    uv_queue_work(queue->runtime->loop, &trip->request, on_thread, on_done); /* fails only without a function */
}

/* A thread may be using the caller's memory: then it must end first. */
static enum co_abort on_cancel(struct co_waiter *waiter)
{
    struct piece *piece = LIST_MEMBER(waiter, struct piece, waiter);

    if (piece->on_trip)
        return CO_ABORT_LATER;
    list_remove(&piece->link);
    piece->queue->waiting_count--;
    return CO_ABORT_NOW;
}

int co_work_queue_run(struct co_task *self, struct co_work_queue *queue, co_work *work, void *argument)
{
    struct piece piece = {.queue = queue, .work = work, .argument = argument};

    if (task_is_cancelled(self))
        return -ECANCELED;
    co_waiter_init(&piece.waiter, self, "a thread", on_cancel);
    list_append(&queue->waiting, &piece.link);
    queue->waiting_count++;
    start_trip(queue);
    return co_park(self, &piece.waiter);
}

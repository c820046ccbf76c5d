#include "run.h"

#include <haul/co/work_queue.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PIECES (CO_WORK_QUEUE_PATIENCE + 4)

struct desk {
    struct co_work_queue *queue;
    struct co_group group;
    atomic_bool begun, may_end; /* the first piece, which is slow */
    atomic_int done;
    struct piece_of_work {
        struct desk *desk;
        struct co_task *task;
        pthread_t thread;
        int place; /* when it was done, from 1; 0: it was not */
        int result;
    } pieces[PIECES];
};

static int is_slow(void *argument, const struct co_token *token)
{
    struct piece_of_work *piece = argument;

    cr_expect_null(token);
    piece->desk->begun = true;
    while (!piece->desk->may_end)
        usleep(1000);
    piece->place = ++piece->desk->done;
    return 7;
}

static int is_quick(void *argument, const struct co_token *token)
{
    struct piece_of_work *piece = argument;

    (void)token;
    piece->thread = pthread_self();
    piece->place = ++piece->desk->done;
    return piece->place;
}

static int sends_a_slow_piece(struct co_task *self, void *argument)
{
    struct piece_of_work *piece = argument;

    piece->result = co_work_queue_run(self, piece->desk->queue, is_slow, piece);
    return 0;
}

static int sends_a_quick_piece(struct co_task *self, void *argument)
{
    struct piece_of_work *piece = argument;

    piece->result = co_work_queue_run(self, piece->desk->queue, is_quick, piece);
    return 0;
}

/* The slow piece is under way, the others have come after it. */
static void desk_open(struct co_task *self, struct desk *desk, unsigned trips, int pieces)
{
    *desk = (struct desk){.queue = co_work_queue_open(co_task_runtime(self), trips)};
    co_group_open(self, &desk->group, CO_FAIL_FAST, 0);
    for (int i = 0; i < pieces; i++) {
        desk->pieces[i].desk = desk;
        co_spawn_named(self, &desk->group, NULL, i == 0 ? sends_a_slow_piece : sends_a_quick_piece, &desk->pieces[i],
                       &desk->pieces[i].task);
        while (i == 0 && !desk->begun)
            co_sleep(self, CO_MILLISECONDS(1));
    }
    let_others_run(self);
}

static void desk_close(struct co_task *self, struct desk *desk)
{
    desk->may_end = true;
    cr_expect_eq(co_group_close(self, &desk->group, 0), 0);
    co_work_queue_close(desk->queue);
}

CO_TEST(work_queue, does_work_on_another_thread_and_gives_its_result)
{
    struct desk desk;
    struct piece_of_work piece = {.desk = &desk, .thread = pthread_self()};

    desk_open(self, &desk, 1, 0);
    cr_expect_eq(co_work_queue_run(self, desk.queue, is_quick, &piece), 1);
    cr_expect_not(pthread_equal(piece.thread, pthread_self()));
    desk_close(self, &desk);
    co_work_queue_close(NULL);
}

CO_TEST(work_queue, pieces_that_come_meanwhile_go_together_in_order)
{
    struct desk desk;

    desk_open(self, &desk, 2, CO_WORK_QUEUE_PATIENCE);
    co_sleep(self, CO_MILLISECONDS(20));
    cr_expect_eq(desk.done, 0, "fewer than the patience wait");
    desk_close(self, &desk);
    cr_expect_eq(desk.pieces[0].result, 7);
    for (int i = 1; i < CO_WORK_QUEUE_PATIENCE; i++) {
        cr_expect_eq(desk.pieces[i].result, i + 1);
        cr_expect(pthread_equal(desk.pieces[i].thread, desk.pieces[1].thread));
    }
}

CO_TEST(work_queue, those_that_wait_behind_slow_work_go_by_another_thread)
{
    struct desk desk;

    desk_open(self, &desk, 2, CO_WORK_QUEUE_PATIENCE + 1);
    for (int i = 1; i <= CO_WORK_QUEUE_PATIENCE; i++)
        co_join(self, desk.pieces[i].task);
    cr_expect_eq(desk.done, CO_WORK_QUEUE_PATIENCE);
    cr_expect_eq(desk.pieces[0].place, 0);
    desk_close(self, &desk);
}

CO_TEST(work_queue, makes_no_more_trips_at_once_than_it_may)
{
    struct desk desk;

    desk_open(self, &desk, 1, PIECES);
    co_sleep(self, CO_MILLISECONDS(20));
    cr_expect_eq(desk.done, 0);
    desk_close(self, &desk);
    cr_expect_eq(desk.done, PIECES);
}

CO_TEST(work_queue, a_piece_that_waits_is_never_done_when_cancelled)
{
    struct desk desk;

    desk_open(self, &desk, 1, 3);
    co_cancel(desk.pieces[1].task);
    co_join(self, desk.pieces[1].task);
    cr_expect_eq(desk.pieces[1].result, -ECANCELED);
    desk_close(self, &desk);
    cr_expect_eq(desk.pieces[1].place, 0);
    cr_expect_eq(desk.pieces[2].place, 2);
}

CO_TEST(work_queue, a_piece_that_is_under_way_is_waited_for_and_gives_its_result)
{
    struct desk desk;

    desk_open(self, &desk, 1, 1);
    co_cancel(desk.pieces[0].task);
    let_others_run(self);
    cr_expect_eq(co_task_state(desk.pieces[0].task), CO_PENDING);
    desk_close(self, &desk);
    cr_expect_eq(desk.pieces[0].result, 7);
}

CO_TEST(work_queue, a_cancelled_task_has_nothing_done)
{
    struct desk desk;
    struct piece_of_work piece = {.desk = &desk};
    struct co_scope scope;

    desk_open(self, &desk, 1, 0);
    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    cr_expect_eq(co_work_queue_run(self, desk.queue, is_quick, &piece), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), 0);
    desk_close(self, &desk);
    cr_expect_eq(desk.done, 0);
}

static void count_trip(void *trips)
{
    ++*(atomic_int *)trips;
}

CO_TEST(work_queue, tells_when_a_trip_has_done_its_pieces)
{
    struct desk desk;
    atomic_int trips = 0;

    desk_open(self, &desk, 1, PIECES);
    co_work_queue_at_trip_end(desk.queue, count_trip, &trips);
    desk_close(self, &desk);
    cr_expect_eq(desk.done, PIECES);
    cr_expect_eq(trips, 2, "the slow piece alone, and all others together: %d", trips);
}

static struct {
    cpu_set_t first, last;
    int count;
} moves;

/* All threads are where the loop is. */
int sched_getcpu(void)
{
    cpu_set_t allowed;
    int processor = 0;

    cr_assert_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    while (!CPU_ISSET(processor, &allowed))
        processor++;
    return processor;
}

int sched_setaffinity(pid_t thread, size_t size, const cpu_set_t *processors)
{
    moves.last = *processors;
    if (moves.count++ == 0)
        moves.first = *processors;
    return (int)syscall(SYS_sched_setaffinity, thread, size, processors);
}

CO_TEST(work_queue, a_trip_of_several_leaves_the_processor_of_the_loop_and_may_come_back)
{
    struct desk desk;
    cpu_set_t allowed;

    cr_assert_eq(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    desk_open(self, &desk, 1, 5);
    desk_close(self, &desk);
    cr_expect_eq(desk.done, 5);
    if (CPU_COUNT(&allowed) == 1) {
        cr_expect_eq(moves.count, 1, "it was tried");
        return;
    }
    cr_expect_eq(moves.count, 2);
    cr_expect(CPU_EQUAL(&moves.last, &allowed));
    CPU_CLR(sched_getcpu(), &allowed);
    cr_expect(CPU_EQUAL(&moves.first, &allowed));
}

CO_TEST(work_queue, a_trip_of_few_begins_where_it_is)
{
    struct desk desk;

    desk_open(self, &desk, 1, 4);
    desk_close(self, &desk);
    cr_expect_eq(desk.done, 4);
    cr_expect_eq(moves.count, 0);
}

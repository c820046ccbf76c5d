#include "run.h"

#include "../../../src/co/annotations.h"

#include <haul/co/queue.h>

#include <stdint.h>

#define ITEMS 1000

static void *item_of(long number)
{
    return (void *)number;
}

static int puts_items(struct co_task *self, void *queue)
{
    for (long i = 1; i <= ITEMS; i++)
        cr_expect_eq(co_queue_put(self, queue, item_of(i)), 0);
    co_queue_shut_down(queue);
    return 0;
}

CO_TEST(queue, hands_over_every_item_in_order)
{
    for (size_t capacity = 1; capacity <= 100; capacity = capacity * 3 + 1) {
        struct co_queue queue;
        struct co_group group;
        void *item;
        long next = 1;

        cr_expect_eq(co_queue_init(&queue, capacity), 0);
        co_group_open(self, &group, CO_FAIL_FAST, 0);
        co_spawn(self, &group, puts_items, &queue);
        while (co_queue_get(self, &queue, &item) == 1) {
            cr_expect_eq(item, item_of(next++));
            if (next % 7 == 0)
                co_yield_now(self);
        }
        cr_expect_eq(next, ITEMS + 1);
        cr_expect_eq(co_group_close(self, &group, 0), 0);
        co_queue_release(&queue);
    }
}

struct party {
    struct co_queue *queue;
    void *item;
    int result;
    int turn, *turns;
};

static int gets(struct co_task *self, void *argument)
{
    struct party *party = argument;

    party->result = co_queue_get(self, party->queue, &party->item);
    party->turn = ++*party->turns;
    return 0;
}

static int puts_one(struct co_task *self, void *argument)
{
    struct party *party = argument;

    party->result = co_queue_put(self, party->queue, party->item);
    party->turn = ++*party->turns;
    return 0;
}

CO_TEST(queue, serves_getters_in_the_order_of_arrival)
{
    struct co_queue queue;
    struct party parties[3];
    struct co_group group;
    int turns = 0;

    co_queue_init(&queue, 2);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 3; i++) {
        parties[i] = (struct party){.queue = &queue, .turns = &turns};
        co_spawn(self, &group, gets, &parties[i]);
    }
    let_others_run(self);
    for (long i = 1; i <= 3; i++)
        cr_expect_eq(co_queue_put(self, &queue, item_of(i)), 0);
    cr_expect_eq(co_queue_count(&queue), 0);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    for (long i = 0; i < 3; i++) {
        cr_expect_eq(parties[i].result, 1);
        cr_expect_eq(parties[i].item, item_of(i + 1));
        cr_expect_eq(parties[i].turn, i + 1);
    }
    co_queue_release(&queue);
}

CO_TEST(queue, a_full_one_makes_putters_wait_in_order)
{
    struct co_queue queue;
    struct party parties[3];
    struct co_group group;
    void *item;
    int turns = 0;

    co_queue_init(&queue, 1);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_expect(co_queue_try_put(&queue, item_of(1)));
    cr_expect_not(co_queue_try_put(&queue, item_of(99)));
    for (long i = 0; i < 3; i++) {
        parties[i] = (struct party){.queue = &queue, .turns = &turns, .item = item_of(i + 2)};
        co_spawn(self, &group, puts_one, &parties[i]);
    }
    let_others_run(self);
    cr_expect_eq(turns, 0);
    for (long i = 1; i <= 4; i++) {
        cr_expect_eq(co_queue_get(self, &queue, &item), 1);
        cr_expect_eq(item, item_of(i));
    }
    cr_expect_not(co_queue_try_get(&queue, &item));
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    for (int i = 0; i < 3; i++)
        cr_expect(parties[i].result == 0 && parties[i].turn == i + 1);
    co_queue_release(&queue);
}

CO_TEST(queue, a_cancelled_putter_still_has_its_item)
{
    struct co_queue queue;
    struct co_scope scope;
    void *item;

    co_queue_init(&queue, 1);
    co_queue_try_put(&queue, item_of(1));
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_scope_end(self, &scope, co_queue_put(self, &queue, item_of(2))), -ETIMEDOUT);
    cr_expect_eq(co_queue_get(self, &queue, &item), 1);
    cr_expect_eq(item, item_of(1));
    cr_expect_eq(co_queue_count(&queue), 0);
    co_queue_release(&queue);
}

CO_TEST(queue, a_cancelled_getter_takes_nothing)
{
    struct co_queue queue;
    struct co_scope scope;
    void *item = &queue;

    co_queue_init(&queue, 1);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_queue_get(self, &queue, &item), -ECANCELED);
    cr_expect(co_queue_try_put(&queue, item_of(1)));
    cr_expect_eq(co_queue_get(self, &queue, &item), -ECANCELED);
    cr_expect_eq(item, &queue);
    cr_expect_eq(co_scope_end(self, &scope, -ECANCELED), -ETIMEDOUT);
    cr_expect_eq(co_queue_count(&queue), 1);
    co_queue_release(&queue);
}

CO_TEST(queue, a_getter_cancelled_after_the_hand_over_has_the_item)
{
    struct co_queue queue;
    struct party party = {.queue = &queue};
    struct co_group group;
    struct co_task *task;
    int turns = 0;

    party.turns = &turns;
    co_queue_init(&queue, 1);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn_named(self, &group, NULL, gets, &party, &task);
    let_others_run(self);
    cr_expect(co_queue_try_put(&queue, item_of(5)));
    co_cancel(task);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(party.result, 1);
    cr_expect_eq(party.item, item_of(5));
    co_queue_release(&queue);
}

CO_TEST(queue, shut_down_lets_getters_drain_it_and_fails_putters)
{
    struct co_queue queue;
    struct party party = {.queue = &queue, .item = item_of(3)};
    struct co_group group;
    void *item;
    int turns = 0;

    party.turns = &turns;
    co_queue_init(&queue, 2);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_queue_try_put(&queue, item_of(1));
    co_queue_try_put(&queue, item_of(2));
    co_spawn(self, &group, puts_one, &party);
    let_others_run(self);
    co_queue_shut_down(&queue);
    co_queue_shut_down(&queue);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect_eq(party.result, -EPIPE);
    cr_expect_eq(co_queue_put(self, &queue, item_of(4)), -EPIPE);
    cr_expect_not(co_queue_try_put(&queue, item_of(4)));
    for (long i = 1; i <= 2; i++) {
        cr_expect_eq(co_queue_get(self, &queue, &item), 1);
        cr_expect_eq(item, item_of(i));
    }
    cr_expect_eq(co_queue_get(self, &queue, &item), 0);
    co_queue_release(&queue);
}

CO_TEST(queue, shut_down_wakes_those_who_wait_for_items)
{
    struct co_queue queue;
    struct party parties[2];
    struct co_group group;
    int turns = 0;

    co_queue_init(&queue, 1);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 2; i++) {
        parties[i] = (struct party){.queue = &queue, .turns = &turns, .result = -1};
        co_spawn(self, &group, gets, &parties[i]);
    }
    let_others_run(self);
    co_queue_shut_down(&queue);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    cr_expect(parties[0].result == 0 && parties[1].result == 0);
    co_queue_release(&queue);
}

struct workshop {
    struct co_queue queue;
    int done;
};

static int works(struct co_task *self, void *argument)
{
    struct workshop *workshop = argument;
    void *item;

    while (co_queue_get(self, &workshop->queue, &item) == 1) {
        co_sleep(self, CO_MICROSECONDS(100));
        workshop->done++;
        co_queue_done(&workshop->queue);
    }
    return 0;
}

CO_TEST(queue, join_returns_when_every_item_is_done)
{
    struct workshop workshop = {.done = 0};
    struct co_group group;

    co_queue_init(&workshop.queue, 2);
    cr_expect_eq(co_queue_join(self, &workshop.queue), 0, "nothing was put");
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 3; i++)
        co_spawn(self, &group, works, &workshop);
    for (int round = 1; round <= 2; round++) {
        for (long i = 1; i <= 20; i++)
            cr_expect_eq(co_queue_put(self, &workshop.queue, item_of(i)), 0);
        cr_expect_lt(workshop.done, 20 * round);
        cr_expect_eq(co_queue_join(self, &workshop.queue), 0);
        cr_expect_eq(workshop.done, 20 * round);
    }
    co_queue_shut_down(&workshop.queue);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    co_queue_release(&workshop.queue);
}

CO_TEST(queue, join_can_be_cancelled_and_does_not_count_what_came_back_to_its_putter)
{
    struct co_queue queue;
    struct co_scope scope;
    void *item;

    co_queue_init(&queue, 1);
    co_queue_try_put(&queue, item_of(1));
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_queue_put(self, &queue, item_of(2)), -ECANCELED);
    cr_expect_eq(co_scope_end(self, &scope, co_queue_join(self, &queue)), -ETIMEDOUT);
    co_scope_begin(self, &scope, co_after(CO_MILLISECONDS(1)));
    cr_expect_eq(co_scope_end(self, &scope, co_queue_join(self, &queue)), -ETIMEDOUT);
    cr_expect(co_queue_try_get(&queue, &item));
    co_queue_done(&queue);
    cr_expect_eq(co_queue_join(self, &queue), 0);
    co_queue_release(&queue);
}

CO_TEST(queue, join_still_waits_for_what_is_left_after_shutting_down)
{
    struct workshop workshop = {.done = 0};
    struct co_group group;

    co_queue_init(&workshop.queue, 3);
    for (long i = 1; i <= 3; i++)
        co_queue_try_put(&workshop.queue, item_of(i));
    co_queue_shut_down(&workshop.queue);
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    co_spawn(self, &group, works, &workshop);
    cr_expect_eq(co_queue_join(self, &workshop.queue), 0);
    cr_expect_eq(workshop.done, 3);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
    co_queue_release(&workshop.queue);
}

Test(queue, more_items_done_than_put_abort, .signal = SIGABRT)
{
    struct co_queue queue;

    co_queue_init(&queue, 1);
    co_queue_done(&queue);
}

Test(queue, that_gets_no_memory_may_be_released_all_the_same_and_more_than_once)
{
    struct co_queue queue;

#ifdef CO_SANITIZED
    cr_assert_eq(co_queue_init(&queue, 1), 0); /* the sanitizers abort when that much is asked for */
#else
    cr_assert_eq(co_queue_init(&queue, SIZE_MAX / sizeof(void *)), -ENOMEM);
#endif
    co_queue_release(&queue);
    co_queue_release(&queue);
}

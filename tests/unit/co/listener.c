#include "connection.h"
#include "descriptors.h"

#include <haul/co/group.h>
#include <haul/co/runtime.h>
#include <haul/co/timer.h>

#include <errno.h>

#define MANY 200

#define LISTENER_TEST(name)                                                                                            \
    static int run_##name(struct co_task *self, void *unused);                                                         \
    Test(listener, name)                                                                                               \
    {                                                                                                                  \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
    }                                                                                                                  \
    static int run_##name(struct co_task *self, void *unused __attribute__((unused)))

static struct co_stream *connect_to(struct co_task *self, struct co_listener *listener)
{
    struct co_stream *stream = NULL;

    cr_assert_eq(co_connect(self, LOOPBACK, co_listener_port(listener), &stream), 0);
    return stream;
}

struct acceptance {
    struct co_listener *listener;
    struct co_stream *stream;
};

static int accept_one(struct co_task *self, void *argument)
{
    struct acceptance *acceptance = argument;

    return co_accept(self, acceptance->listener, &acceptance->stream);
}

LISTENER_TEST(finds_a_free_port_of_its_own)
{
    struct co_listener *first = listen_anywhere(self), *second = listen_anywhere(self);

    cr_assert_gt(co_listener_port(first), 0);
    cr_assert_gt(co_listener_port(second), 0);
    cr_assert_neq(co_listener_port(first), co_listener_port(second));
    co_listener_close(first);
    co_listener_close(second);
    co_listener_close(NULL);
    return 0;
}

LISTENER_TEST(refuses_a_taken_port_and_what_is_no_address)
{
    struct co_listener *first = listen_anywhere(self), *second = NULL;
    struct co_runtime *runtime = co_task_runtime(self);

    cr_assert_eq(co_listen(runtime, LOOPBACK, co_listener_port(first), 16, &second), -EADDRINUSE);
    cr_assert_eq(co_listen(runtime, "localhost", 0, 16, &second), -EINVAL);
    cr_assert_eq(co_listen(runtime, LOOPBACK, -1, 16, &second), -EINVAL);
    cr_assert_eq(co_listen(runtime, LOOPBACK, 65536, 16, &second), -EINVAL);
    cr_assert_eq(co_listen(runtime, "192.0.2.1", 0, 16, &second), -EADDRNOTAVAIL);
    cr_assert_null(second);
    co_listener_close(first);
    return 0;
}

LISTENER_TEST(keeps_a_connection_that_a_cancelled_accept_did_not_take)
{
    struct acceptance acceptance = {.listener = listen_anywhere(self)};
    struct co_stream *near;

    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(5), accept_one, &acceptance), -ETIMEDOUT);
    cr_assert_null(acceptance.stream);
    near = connect_to(self, acceptance.listener);
    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    cr_assert_eq(co_accept(self, acceptance.listener, &acceptance.stream), 0);
    co_stream_close(acceptance.stream);
    co_stream_close(near);
    co_listener_close(acceptance.listener);
    return 0;
}

LISTENER_TEST(serves_those_who_accept_in_the_order_they_came)
{
    struct co_listener *listener = listen_anywhere(self);
    struct acceptance first = {.listener = listener}, second = {.listener = listener};
    struct co_stream *near[2];
    struct co_task *tasks[2];
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_assert_eq(co_spawn_named(self, &group, "first", accept_one, &first, &tasks[0]), 0);
    cr_assert_eq(co_spawn_named(self, &group, "second", accept_one, &second, &tasks[1]), 0);
    cr_assert_eq(co_yield_now(self), 0);
    near[0] = connect_to(self, listener);
    cr_assert_eq(co_join(self, tasks[0]), 0);
    cr_assert_null(second.stream);
    near[1] = connect_to(self, listener);
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    cr_assert_not_null(second.stream);
    co_stream_close(near[0]);
    co_stream_close(near[1]);
    co_stream_close(first.stream);
    co_stream_close(second.stream);
    co_listener_close(listener);
    return 0;
}

static int connect_many(struct co_task *self, void *listener)
{
    for (int i = 0; i < MANY; i++) {
        struct co_stream *stream = connect_to(self, listener);

        cr_assert_eq(co_write(self, stream, &i, sizeof i), 0);
        co_stream_close(stream);
    }
    return 0;
}

LISTENER_TEST(loses_no_connection_of_many)
{
    struct co_listener *listener = listen_anywhere(self);
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_assert_eq(co_spawn(self, &group, connect_many, listener), 0);
    for (int i = 0; i < MANY; i++) {
        struct co_stream *stream = NULL;
        int number = -1;

        cr_assert_eq(co_accept(self, listener, &stream), 0);
        cr_assert_eq(co_read(self, stream, &number, sizeof number), sizeof number);
        cr_assert_eq(number, i);
        co_stream_close(stream);
    }
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    co_listener_close(listener);
    return 0;
}

LISTENER_TEST(drops_what_nobody_accepted_when_it_is_closed)
{
    struct co_listener *listener = listen_anywhere(self);
    struct co_stream *first = connect_to(self, listener), *second = connect_to(self, listener);
    char byte;

    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    co_listener_close(listener);
    cr_assert_leq(co_read(self, first, &byte, 1), 0);
    cr_assert_leq(co_read(self, second, &byte, 1), 0);
    co_stream_close(first);
    co_stream_close(second);
    return 0;
}

LISTENER_TEST(closes_a_connection_that_no_descriptor_is_left_for_and_goes_on_waiting)
{
    struct acceptance acceptance = {.listener = listen_anywhere(self)};
    int turned_away = socket(AF_INET, SOCK_STREAM, 0), taken = socket(AF_INET, SOCK_STREAM, 0);
    struct co_group group;
    struct rlimit before;
    char byte;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_assert_eq(co_spawn(self, &group, accept_one, &acceptance), 0);
    cr_assert_eq(co_yield_now(self), 0);
    before = use_up_descriptors();
    cr_assert_eq(call_plainly(acceptance.listener, turned_away), 0);
    cr_assert_eq(co_sleep(self, CO_MILLISECONDS(10)), 0);
    cr_assert_eq(recv(turned_away, &byte, 1, MSG_DONTWAIT), 0);
    give_back_descriptors(before);
    cr_assert_null(acceptance.stream);
    cr_assert_eq(call_plainly(acceptance.listener, taken), 0);
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    co_stream_close(acceptance.stream);
    co_listener_close(acceptance.listener);
    close(turned_away);
    close(taken);
    return 0;
}

#include "connection.h"
#include "descriptors.h"
#include "run.h"

#include <haul/co/event.h>
#include <haul/co/serve.h>

#include <string.h>

struct service {
    struct co_listener *listener;
    co_handler *handler;
    unsigned limit;
    struct co_group group;
    struct co_task *task;
    struct co_event may_answer;
    int living, most, cancelled;
};

static int serves(struct co_task *self, void *argument)
{
    struct service *service = argument;

    return co_serve(self, service->listener, service->handler, service, service->limit);
}

static void service_begin(struct co_task *self, struct service *service, co_handler *handler, unsigned limit)
{
    *service = (struct service){.listener = listen_anywhere(self), .handler = handler, .limit = limit};
    co_event_init(&service->may_answer);
    co_group_open(self, &service->group, CO_COLLECT, 0);
    cr_assert_eq(co_spawn_named(self, &service->group, "server", serves, service, &service->task), 0);
}

static void service_end(struct co_task *self, struct service *service)
{
    co_cancel(service->task);
    cr_expect_eq(co_join(self, service->task), -ECANCELED);
    cr_expect_eq(service->living, 0);
    cr_expect_eq(co_group_close(self, &service->group, 0), 0);
    co_listener_close(service->listener);
}

static struct co_stream *call(struct co_task *self, struct service *service)
{
    struct co_stream *stream = NULL;

    cr_assert_eq(co_connect(self, LOOPBACK, co_listener_port(service->listener), &stream), 0);
    return stream;
}

static int echoes(struct co_task *self, struct co_stream *stream, void *unused)
{
    char bytes[64];
    ssize_t count;

    (void)unused;
    while ((count = co_read(self, stream, bytes, sizeof bytes)) > 0)
        co_write(self, stream, bytes, (size_t)count);
    return (int)count;
}

static void expect_echo(struct co_task *self, struct co_stream *stream)
{
    char bytes[4];

    cr_expect_eq(co_write(self, stream, "ping", 4), 0);
    cr_expect_eq(co_read_exactly(self, stream, bytes, 4), 4);
    cr_expect_eq(memcmp(bytes, "ping", 4), 0);
}

CO_TEST(serve, runs_a_handler_for_each_connection_at_the_same_time)
{
    struct service service;
    struct co_stream *streams[20];

    service_begin(self, &service, echoes, 0);
    for (int i = 0; i < 20; i++)
        streams[i] = call(self, &service);
    for (int i = 19; i >= 0; i--)
        expect_echo(self, streams[i]);
    for (int i = 0; i < 20; i++)
        co_stream_close(streams[i]);
    service_end(self, &service);
}

static int greets(struct co_task *self, struct co_stream *stream, void *unused)
{
    (void)unused;
    co_write(self, stream, "hello", 5);
    return -EIO;
}

CO_TEST(serve, closes_the_stream_when_the_handler_has_returned_whatever_it_returned)
{
    struct service service;
    char bytes[16];

    service_begin(self, &service, greets, 0);
    for (int i = 0; i < 3; i++) {
        struct co_stream *stream = call(self, &service);

        cr_expect_eq(co_read_exactly(self, stream, bytes, sizeof bytes), 5);
        co_stream_close(stream);
    }
    service_end(self, &service);
}

CO_TEST(serve, what_the_handler_wrote_arrives_although_it_did_not_read)
{
    struct service service;
    struct co_stream *stream;
    char bytes[16];

    service_begin(self, &service, greets, 0);
    stream = call(self, &service);
    cr_expect_eq(co_write(self, stream, "a question that nobody reads", 28), 0);
    cr_expect_eq(co_read_exactly(self, stream, bytes, sizeof bytes), 5);
    co_stream_close(stream);
    service_end(self, &service);
}

static int answers_when_it_may(struct co_task *self, struct co_stream *stream, void *argument)
{
    struct service *service = argument;
    int result;

    service->living++;
    if (service->living > service->most)
        service->most = service->living;
    result = co_event_wait(self, &service->may_answer);
    service->living--;
    service->cancelled += result == -ECANCELED;
    return result < 0 ? result : co_write(self, stream, "hello", 5);
}

CO_TEST(serve, has_no_more_connections_at_once_than_the_limit_and_the_others_wait)
{
    struct service service;
    struct co_stream *streams[5];
    char bytes[16];

    service_begin(self, &service, answers_when_it_may, 2);
    for (int i = 0; i < 5; i++)
        streams[i] = call(self, &service);
    co_sleep(self, CO_MILLISECONDS(20));
    cr_expect_eq(service.living, 2);
    co_event_set(&service.may_answer);
    for (int i = 0; i < 5; i++) {
        cr_expect_eq(co_read_exactly(self, streams[i], bytes, sizeof bytes), 5);
        co_stream_close(streams[i]);
    }
    cr_expect_leq(service.most, 2);
    service_end(self, &service);
}

CO_TEST(serve, a_cancel_reaches_the_handlers_and_closes_their_connections_with_an_end)
{
    struct service service;
    struct co_stream *streams[3];
    char byte;

    service_begin(self, &service, answers_when_it_may, 0);
    for (int i = 0; i < 3; i++) {
        streams[i] = call(self, &service);
        cr_expect_eq(co_write(self, streams[i], "unread", 6), 0);
    }
    co_sleep(self, CO_MILLISECONDS(20));
    cr_expect_eq(service.living, 3);
    co_cancel(service.task);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(co_read(self, streams[i], &byte, 1), 0);
        co_stream_close(streams[i]);
    }
    service_end(self, &service);
    cr_expect_eq(service.cancelled, 3);
}

static int waits_to_answer(struct co_task *self, void *argument)
{
    return co_event_wait(self, &((struct service *)argument)->may_answer);
}

static int answers_in_spite_of_a_cancel(struct co_task *self, struct co_stream *stream, void *argument)
{
    struct co_scope shield;
    int result = co_shield(self, CO_SECONDS(60), waits_to_answer, argument);

    co_scope_begin_shielded(self, &shield, CO_FOREVER);
    if (result == 0)
        result = co_write(self, stream, "hello", 5);
    return co_scope_end(self, &shield, result);
}

CO_TEST(serve, a_handler_that_shields_itself_comes_to_its_own_end)
{
    struct service service;
    struct co_stream *stream;
    char bytes[16];

    service_begin(self, &service, answers_in_spite_of_a_cancel, 0);
    stream = call(self, &service);
    co_sleep(self, CO_MILLISECONDS(20));
    co_cancel(service.task);
    co_sleep(self, CO_MILLISECONDS(5));
    cr_expect_eq(co_task_state(service.task), CO_PENDING);
    co_event_set(&service.may_answer);
    cr_expect_eq(co_read_exactly(self, stream, bytes, sizeof bytes), 5);
    co_stream_close(stream);
    service_end(self, &service);
}

CO_TEST(serve, outlives_a_shortage_of_descriptors)
{
    struct service service;
    struct co_stream *early, *late;
    struct rlimit before;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    service_begin(self, &service, echoes, 0);
    early = call(self, &service);
    expect_echo(self, early);
    before = use_up_descriptors();
    cr_expect_eq(call_plainly(service.listener, fd), 0);
    expect_echo(self, early);
    co_sleep(self, CO_MILLISECONDS(20));
    give_back_descriptors(before);
    late = call(self, &service);
    expect_echo(self, late);
    expect_echo(self, early);
    co_stream_close(early);
    co_stream_close(late);
    close(fd);
    service_end(self, &service);
}

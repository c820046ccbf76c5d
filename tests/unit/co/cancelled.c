/* The rule of task.h: a call that can suspend fails for a cancelled task before it does anything. */
#include "connection.h"
#include "run.h"

#include <haul/co/condition.h>
#include <haul/co/event.h>
#include <haul/co/file.h>
#include <haul/co/future.h>
#include <haul/co/queue.h>
#include <haul/co/resolve.h>
#include <haul/co/semaphore.h>
#include <haul/co/serve.h>
#include <haul/co/signal.h>
#include <haul/co/wait.h>

#include <fcntl.h>
#include <unistd.h>

/* `self` is cancelled in the block. */
#define CANCELLED                                                                                                      \
    for (struct co_scope scope, *once = cancelled_begin(self, &scope); once; once = cancelled_end(self, once))

static struct co_scope *cancelled_begin(struct co_task *self, struct co_scope *scope)
{
    co_scope_begin(self, scope, CO_FOREVER);
    co_scope_cancel(scope);
    return scope;
}

static struct co_scope *cancelled_end(struct co_task *self, struct co_scope *scope)
{
    cr_expect_eq(co_scope_end(self, scope, -ECANCELED), 0);
    return NULL;
}

CO_TEST(cancelled, waits_for_no_time)
{
    int64_t begun = co_now();

    CANCELLED
    {
        cr_expect_eq(co_yield_now(self), -ECANCELED);
        cr_expect_eq(co_sleep(self, CO_SECONDS(60)), -ECANCELED);
        cr_expect_eq(co_sleep(self, 0), -ECANCELED);
        cr_expect_eq(co_sleep_until(self, CO_FOREVER), -ECANCELED);
    }
    cr_expect_lt(co_now() - begun, CO_SECONDS(30));
}

CO_TEST(cancelled, takes_nothing_that_is_there_to_be_taken)
{
    struct co_semaphore semaphore;
    struct co_event event;
    struct co_future future;
    struct co_lock lock;
    void *value = self;

    co_semaphore_init(&semaphore, 1);
    co_lock_init(&lock);
    co_event_init(&event);
    co_event_set(&event);
    co_future_init(&future);
    co_future_resolve(&future, NULL);
    CANCELLED
    {
        cr_expect_eq(co_semaphore_acquire(self, &semaphore), -ECANCELED);
        cr_expect_eq(co_lock_acquire(self, &lock), -ECANCELED);
        cr_expect_eq(co_event_wait(self, &event), -ECANCELED);
        cr_expect_eq(co_future_wait(self, &future, &value), -ECANCELED);
    }
    cr_expect_eq(value, self);
    cr_expect(co_semaphore_try(&semaphore));
    cr_expect(co_lock_try(self, &lock));
}

CO_TEST(cancelled, neither_puts_nor_gets)
{
    struct co_queue queue;
    void *item = self;

    cr_expect_eq(co_queue_init(&queue, 2), 0);
    cr_expect(co_queue_try_put(&queue, NULL));
    CANCELLED
    {
        cr_expect_eq(co_queue_put(self, &queue, NULL), -ECANCELED);
        cr_expect_eq(co_queue_get(self, &queue, &item), -ECANCELED);
        cr_expect_eq(co_queue_join(self, &queue), -ECANCELED);
    }
    cr_expect_eq(item, self);
    cr_expect_eq(co_queue_count(&queue), 1);
    co_queue_release(&queue);
}

static int ends(struct co_task *self, void *unused)
{
    (void)self, (void)unused;
    return 5;
}

CO_TEST(cancelled, neither_starts_a_task_nor_takes_a_result)
{
    struct co_group group;
    struct co_task *task, *other = NULL;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    cr_expect_eq(co_spawn_named(self, &group, NULL, ends, NULL, &task), 0);
    let_others_run(self);
    CANCELLED
    {
        cr_expect_eq(co_spawn_named(self, &group, NULL, ends, NULL, &other), -ECANCELED);
        cr_expect_eq(co_group_next(self, &group, &other), -ECANCELED);
        cr_expect_eq(co_wait(self, &task, 1, CO_ALL_DONE, CO_FOREVER), -ECANCELED);
        cr_expect_eq(co_join(self, task), -ECANCELED);
    }
    cr_expect_null(other);
    cr_expect_eq(co_group_next(self, &group, &other), 1);
    cr_expect_eq(co_join(self, task), 5);
    cr_expect_eq(co_group_close(self, &group, 0), 0);
}

static int is_never_called(struct co_task *self, struct co_stream *stream, void *unused)
{
    (void)self, (void)stream, (void)unused;
    cr_expect_fail("a connection was served");
    return 0;
}

CO_TEST(cancelled, opens_no_connection_and_takes_none)
{
    struct co_listener *listener = listen_anywhere(self);
    struct co_stream *near = NULL, *none = NULL;
    int port = co_listener_port(listener);

    cr_expect_eq(co_connect(self, LOOPBACK, port, &near), 0);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    CANCELLED
    {
        cr_expect_eq(co_accept(self, listener, &none), -ECANCELED);
        cr_expect_eq(co_serve(self, listener, is_never_called, NULL, 0), -ECANCELED);
        cr_expect_eq(co_connect(self, LOOPBACK, port, &none), -ECANCELED);
        cr_expect_eq(co_connect_name(self, LOOPBACK, port, &none), -ECANCELED);
        cr_expect_eq(co_connect_address(self, &(struct sockaddr){.sa_family = AF_INET}, &none), -ECANCELED);
    }
    cr_expect_null(none);
    cr_expect_eq(co_accept(self, listener, &none), 0);
    co_stream_close(none);
    co_stream_close(near);
    co_listener_close(listener);
}

CO_TEST(cancelled, asks_neither_the_resolver_nor_the_disk)
{
    struct addrinfo *addresses = NULL;
    struct stat stat = {.st_size = -7};
    char byte = '?';
    int fd = open("/dev/zero", O_RDWR);

    CANCELLED
    {
        cr_expect_eq(co_resolve(self, LOOPBACK, "80", &addresses), -ECANCELED);
        cr_expect_eq(co_file_open(self, "/dev/null", O_RDONLY, 0), -ECANCELED);
        cr_expect_eq(co_file_read(self, fd, &byte, 1, -1), -ECANCELED);
        cr_expect_eq(co_file_write(self, fd, &byte, 1, -1), -ECANCELED);
        cr_expect_eq(co_file_sync(self, fd), -ECANCELED);
        cr_expect_eq(co_file_stat(self, "/", &stat), -ECANCELED);
        cr_expect_eq(co_file_rename(self, "/no/such", "/no/such"), -ECANCELED);
    }
    cr_expect_null(addresses);
    cr_expect_eq(stat.st_size, -7);
    cr_expect_eq(byte, '?');
    close(fd);
}

CO_TEST(cancelled, leaves_a_signal_that_has_come_for_the_next_wait)
{
    struct co_signal *signal = NULL;

    cr_expect_eq(co_signal_open(co_task_runtime(self), SIGUSR1, &signal), 0);
    raise(SIGUSR1);
    cr_expect_eq(co_sleep(self, CO_MILLISECONDS(5)), 0);
    CANCELLED
    {
        cr_expect_eq(co_signal_wait(self, signal), -ECANCELED);
    }
    cr_expect_eq(co_signal_wait(self, signal), 0);
    co_signal_close(signal);
}

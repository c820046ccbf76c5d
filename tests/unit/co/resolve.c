#include "child.h"

#include <haul/co/resolve.h>
#include <haul/co/thread.h>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <uv.h>

#define SLOW_MICROSECONDS 200000

static atomic_int slow_lookups_begun, slow_lookups_ended;
static atomic_bool held_back; /* slow look-ups do not end */

/* Stands before the system's: a name that takes long to be known to nobody. */
int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **ret_addresses)
{
    int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    if (host && strcmp(host, "slow.test") == 0) {
        atomic_fetch_add(&slow_lookups_begun, 1);
        do
            usleep(SLOW_MICROSECONDS);
        while (atomic_load(&held_back));
        atomic_fetch_add(&slow_lookups_ended, 1);
        return EAI_AGAIN;
    }
    next = (__typeof__(next))dlsym(RTLD_NEXT, "getaddrinfo");
    return next(host, service, hints, ret_addresses);
}

static int resolve(struct co_task *self, void *host)
{
    struct addrinfo *addresses = NULL;
    int result = co_resolve(self, host, "80", &addresses);

    if (result == 0)
        freeaddrinfo(addresses);
    return result;
}

static int check_address(struct co_task *self, void *unused)
{
    struct addrinfo *addresses = NULL;
    struct sockaddr_in *where;

    (void)unused;
    cr_assert_eq(co_resolve(self, "127.0.0.1", "8080", &addresses), 0);
    where = (struct sockaddr_in *)addresses->ai_addr;
    cr_assert_eq(addresses->ai_family, AF_INET);
    cr_assert_eq(where->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    cr_assert_eq(ntohs(where->sin_port), 8080);
    cr_assert_null(addresses->ai_next, "one for TCP, none for others");
    freeaddrinfo(addresses);
    return 0;
}

Test(resolve, gives_the_addresses_of_a_host)
{
    cr_assert_eq(co_run(check_address, NULL, NULL), 0);
}

static int check_failures(struct co_task *self, void *unused)
{
    char too_long[1200];

    (void)unused;
    memset(too_long, 'a', sizeof too_long - 1);
    too_long[sizeof too_long - 1] = '\0';
    cr_assert_eq(resolve(self, (void *)"slow.test"), UV_EAI_AGAIN);
    cr_assert_eq(resolve(self, too_long), -EINVAL);
    cr_assert_eq(resolve(self, (void *)""), -EINVAL);
    cr_assert_eq(resolve(self, (void *)"\xff\xfe"), -EINVAL);
    return 0;
}

Test(resolve, tells_why_it_failed)
{
    cr_assert_eq(co_run(check_failures, NULL, NULL), 0);
}

static int leaves_out_what_may_be_left_out(struct co_task *self, void *unused)
{
    struct addrinfo *addresses = NULL;

    (void)unused;
    cr_assert_eq(co_resolve(self, NULL, NULL, &addresses), -EINVAL);
    cr_assert_null(addresses);
    cr_assert_eq(co_resolve(self, NULL, "80", &addresses), 0);
    freeaddrinfo(addresses);
    cr_assert_eq(co_resolve(self, "127.0.0.1", NULL, &addresses), 0);
    freeaddrinfo(addresses);
    return 0;
}

Test(resolve, wants_a_host_or_a_service)
{
    cr_assert_eq(co_run(leaves_out_what_may_be_left_out, NULL, NULL), 0);
}

Test(resolve, tells_which_failures_asking_later_may_mend)
{
    cr_assert(co_resolve_is_temporary(UV_EAI_AGAIN));
    cr_assert_not(co_resolve_is_temporary(UV_EAI_NONAME));
    cr_assert_not(co_resolve_is_temporary(-ECANCELED));
    cr_assert_not(co_resolve_is_temporary(0));
}

static int cancel_slow(struct co_task *self, void *unused)
{
    struct co_task *task;
    struct co_group group;

    (void)unused;
    atomic_store(&held_back, true);
    co_group_open(self, &group, CO_COLLECT, 0);
    cr_assert_eq(co_spawn_named(self, &group, "resolver", resolve, (void *)"slow.test", &task), 0);
    while (atomic_load(&slow_lookups_begun) == 0)
        co_sleep(self, CO_MILLISECONDS(1));
    co_cancel(task);
    cr_assert_eq(co_join(self, task), -ECANCELED);
    cr_assert_eq(atomic_load(&slow_lookups_ended), 0);
    atomic_store(&held_back, false);
    return co_group_close(self, &group, 0);
}

Test(resolve, does_not_wait_for_a_slow_resolver_when_cancelled)
{
    cr_assert_eq(co_run(cancel_slow, NULL, NULL), 0);
    cr_assert_eq(atomic_load(&slow_lookups_ended), 1, "but the runtime does before it goes");
}

static int occupy_thread(void *unused, const struct co_token *token)
{
    (void)unused, (void)token;
    usleep(SLOW_MICROSECONDS);
    return 0;
}

static int occupy(struct co_task *self, void *unused)
{
    return co_to_thread(self, occupy_thread, unused);
}

/* Of libuv's four threads none is free. */
static int cancel_queued(struct co_task *self, void *unused)
{
    struct co_group group;

    (void)unused;
    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 4; i++)
        cr_assert_eq(co_spawn(self, &group, occupy, NULL), 0);
    cr_assert_eq(co_yield_now(self), 0);
    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(5), resolve, (void *)"slow.test"), -ETIMEDOUT);
    return co_group_close(self, &group, 0);
}

Test(resolve, never_asks_when_it_is_cancelled_in_the_queue)
{
    cr_assert_eq(co_run(cancel_queued, NULL, NULL), 0);
    cr_assert_eq(atomic_load(&slow_lookups_ended), 0);
}

static void *lets_look_ups_end_after_six_seconds(void *unused)
{
    usleep(6000000);
    atomic_store(&held_back, false);
    return unused;
}

static int leaves_a_very_slow_look_up(struct co_task *self, void *unused)
{
    pthread_t thread;

    (void)unused;
    atomic_store(&held_back, true);
    pthread_create(&thread, NULL, lets_look_ups_end_after_six_seconds, NULL);
    pthread_detach(thread);
    return co_timeout(self, CO_MILLISECONDS(50), resolve, (void *)"slow.test") == -ETIMEDOUT ? 0 : -EIO;
}

Test(resolve, says_what_the_runtime_waits_for_when_a_look_up_does_not_end, .timeout = 60)
{
    struct child child = child_run(leaves_a_very_slow_look_up, NULL, NULL);

    cr_assert_eq(child.result, 0);
    cr_assert(
        strstr(child.text, "co: all tasks have ended; still waiting for 1 look-ups or pieces of work in threads\n"),
        "%s", child.text);
}

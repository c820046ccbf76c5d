#include "lookup.h"

#include <haul/base/cleanup.h>
#include <haul/base/memory.h>
#include <haul/co/callback.h>
#include <haul/co/waiter.h>

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define STACK_SIZE (1024 * 1024) /* modules of the resolver want much */

/* On the stack of the waiting task. */
struct asker {
    struct co_waiter waiter;
    struct lookup *lookup;
    struct addrinfo *addresses;
    int result; /* 0 or EAI_* */
    int system_error;
};

enum { WAITED_FOR, ANSWERED, LEFT_ALONE };

/* Who comes last frees it: the loop's thread, which gets it back with the answer, or that of a look-up left alone. */
struct lookup {
    struct co_callback answered;
    struct co_runtime *runtime; /* held while it is waited for */
    struct asker *asker;        /* of the loop's thread; NULL: gone after the answer was posted */
    atomic_int state;
    struct addrinfo *addresses;
    int result;
    int system_error;
    char host[];
};

static void lookup_free(struct lookup *lookup)
{
    if (lookup->addresses)
        freeaddrinfo(lookup->addresses);
    free(lookup);
}

/* True when it was still waited for. */
static bool becomes(struct lookup *lookup, int state)
{
    int expected = WAITED_FOR;

    return atomic_compare_exchange_strong(&lookup->state, &expected, state);
}

static void *ask(void *argument)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP};
    struct lookup *lookup = argument;

    lookup->result = getaddrinfo(lookup->host, NULL, &hints, &lookup->addresses);
    lookup->system_error = errno;
    if (lookup->result != 0)
        lookup->addresses = NULL;
    if (becomes(lookup, ANSWERED))
        co_post(lookup->runtime, &lookup->answered);
    else
        lookup_free(lookup);
    return NULL;
}

static void on_answered(struct co_callback *callback)
{
    struct lookup *lookup = LIST_MEMBER(callback, struct lookup, answered);
    struct asker *asker = lookup->asker;

    co_runtime_let_go(lookup->runtime);
    if (asker) {
        asker->result = lookup->result;
        asker->system_error = lookup->system_error;
        asker->addresses = STEAL(lookup->addresses);
        co_wake(&asker->waiter, 0);
    }
    lookup_free(lookup);
}

static enum co_abort on_cancel(struct co_waiter *waiter)
{
    struct lookup *lookup = LIST_MEMBER(waiter, struct asker, waiter)->lookup;
    struct co_runtime *runtime = lookup->runtime;

    lookup->asker = NULL;
    if (becomes(lookup, LEFT_ALONE)) /* and is gone, maybe, in this moment */
        co_runtime_let_go(runtime);
    return CO_ABORT_NOW;
}

static int start_thread(struct lookup *lookup)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int result;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    result = pthread_create(&thread, &attributes, ask, lookup);
    pthread_attr_destroy(&attributes);
    return result;
}

static int start(struct co_runtime *runtime, struct asker *asker, const char *host)
{
    size_t size = strlen(host) + 1;
    struct lookup *lookup = memory_allocate(sizeof *lookup + size);
    int result;

    lookup->runtime = runtime;
    lookup->asker = asker;
    lookup->answered.function = on_answered;
    memcpy(lookup->host, host, size);
    asker->lookup = lookup;
    co_runtime_hold(runtime);
    result = start_thread(lookup);
    if (result == 0)
        return 0;
    co_runtime_let_go(runtime);
    free(lookup);
    return result;
}

static int fail_as_unknown(struct failure *failure, const char *host, const char *why, bool transient)
{
    failure_set(failure, FAILURE_DNS, CURLE_COULDNT_RESOLVE_HOST, transient, "cannot resolve '%s': %s", host, why);
    failure->exit_code = CURLE_COULDNT_RESOLVE_HOST;
    return -EIO;
}

int lookup(struct co_task *self, const char *host, struct addrinfo **ret_addresses, struct failure *failure)
{
    struct asker asker = {.addresses = NULL};
    int result;

    if (co_check(self) < 0)
        return -ECANCELED;
    co_waiter_init(&asker.waiter, self, "the resolver", on_cancel);
    result = start(co_task_runtime(self), &asker, host);
    if (result != 0)
        return fail_as_unknown(failure, host, strerror(result), true);
    result = co_park(self, &asker.waiter);
    if (result < 0)
        return result;
    if (asker.result == EAI_SYSTEM)
        return fail_as_unknown(failure, host, strerror(asker.system_error), true);
    if (asker.result != 0)
        return fail_as_unknown(failure, host, gai_strerror(asker.result), asker.result == EAI_AGAIN);
    *ret_addresses = asker.addresses;
    return 0;
}

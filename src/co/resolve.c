#include "scheduler.h"

#include <haul/co/callback.h>
#include <haul/co/resolve.h>

#include <stdlib.h>

/* On the stack of the waiting task. */
struct asker {
    struct co_waiter waiter;
    struct lookup *lookup;
    struct addrinfo *addresses;
};

/* On the heap, because the resolver cannot be stopped: when its asker is gone it frees itself in the end. */
struct lookup {
    uv_getaddrinfo_t request;
    struct co_runtime *runtime;
    struct asker *asker; /* NULL: cancelled */
};

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
    struct lookup *lookup = request->data;

    co_runtime_let_go(lookup->runtime);
    if (lookup->asker) {
        lookup->asker->addresses = addresses;
        co_wake(&lookup->asker->waiter, status);
    } else {
        uv_freeaddrinfo(addresses);
    }
    free(lookup);
}

static enum co_abort on_cancel(struct co_waiter *waiter)
{
    struct lookup *lookup = LIST_MEMBER(waiter, struct asker, waiter)->lookup;

    lookup->asker = NULL;
    uv_cancel((uv_req_t *)&lookup->request);
    return CO_ABORT_NOW;
}

static int start(struct co_runtime *runtime, struct asker *asker, const char *host, const char *service)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_protocol = IPPROTO_TCP};
    struct lookup *lookup = malloc(sizeof *lookup);
    int result;

    if (!lookup)
        return -ENOMEM;
    *lookup = (struct lookup){.request.data = lookup, .runtime = runtime, .asker = asker};
    result = uv_getaddrinfo(runtime->loop, &lookup->request, on_resolved, host, service, &hints);
    if (result < 0) {
        free(lookup);
        return result;
    }
    co_runtime_hold(runtime);
    asker->lookup = lookup;
    return 0;
}

int co_resolve(struct co_task *self, const char *host, const char *service, struct addrinfo **ret_addresses)
{
    struct asker asker = {.addresses = NULL};
    int result;

    if (task_is_cancelled(self))
        return -ECANCELED;
    co_waiter_init(&asker.waiter, self, "the resolver", on_cancel);
    result = start(self->runtime, &asker, host, service);
    if (result < 0)
        return result;
    result = co_park(self, &asker.waiter);
    if (result == 0)
        *ret_addresses = asker.addresses;
    return result;
}

bool co_resolve_is_temporary(int result)
{
    return result == UV_EAI_AGAIN;
}

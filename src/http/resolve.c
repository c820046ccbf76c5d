#include "lookup.h"
#include "resolve.h"

#include <haul/base/hash.h>
#include <haul/base/list.h>
#include <haul/base/memory.h>
#include <haul/base/text.h>
#include <haul/co/lock.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>
#include <haul/co/semaphore.h>
#include <haul/co/timer.h>

#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SHARDS_MAXIMUM 128

struct host {
    char *name; /* "host:port" */
    char *line; /* "+host:port:address,address" for curl; NULL: the look-up failed */
    struct failure failure;
    int64_t good_until; /* a moment; 0: never looked up */
    uint64_t told[SHARDS_MAXIMUM / 64];
    struct co_lock lock; /* held by the one who looks up */
    unsigned users;      /* tasks in resolver_find */
    struct list link;    /* least recently used first */
    UT_hash_handle hh;
};

struct resolver {
    struct host *hosts;
    struct list order;
    struct co_semaphore permits;
    int64_t limit;
};

static void host_close(struct resolver *resolver, struct host *host)
{
    HASH_DEL(resolver->hosts, host);
    list_remove(&host->link);
    free(host->name);
    free(host->line);
    free(host);
}

/* Makes room; hosts that somebody waits for stay. */
static void drop_one(struct resolver *resolver)
{
    LIST_EACH (link, &resolver->order) {
        struct host *host = LIST_MEMBER(link, struct host, link);

        if (host->users == 0 && host->good_until != CO_FOREVER) {
            host_close(resolver, host);
            return;
        }
    }
}

static struct host *host_add(struct resolver *resolver, const char *name)
{
    struct host *host = memory_allocate(sizeof *host);

    if (HASH_COUNT(resolver->hosts) >= RESOLVE_HOSTS_MAXIMUM)
        drop_one(resolver);
    host->name = memory_copy_string(name);
    co_lock_init(&host->lock);
    HASH_ADD_KEYPTR(hh, resolver->hosts, host->name, strlen(host->name), host);
    list_append(&resolver->order, &host->link);
    return host;
}

static struct host *host_find(struct resolver *resolver, const char *name)
{
    struct host *host;

    HASH_FIND_STR(resolver->hosts, name, host);
    if (!host)
        return host_add(resolver, name);
    list_remove(&host->link);
    list_append(&resolver->order, &host->link);
    return host;
}

/* "HOST:PORT:ADDRESSES" was checked by whoever took it from the user. */
static void add_fixed(struct resolver *resolver, const char *entry)
{
    const char *port = strchr(entry, ':'), *addresses = port ? strchr(port + 1, ':') : NULL;
    struct text text = {.length = 0};
    struct host *host;

    if (!addresses)
        return;
    text_append(&text, (struct slice){entry, (size_t)(addresses - entry)});
    for (char *byte = text.bytes; *byte; byte++)
        *byte = (char)tolower((unsigned char)*byte); /* as in http_url.host */
    host = host_find(resolver, text.bytes);
    free(host->line);
    text_clear(&text);
    text_append_string(&text, entry);
    host->line = text_take(&text);
    host->good_until = CO_FOREVER;
}

struct resolver *resolver_open(const char *const *fixed, int64_t limit)
{
    struct resolver *resolver = memory_allocate(sizeof *resolver);

    list_init(&resolver->order);
    co_semaphore_init(&resolver->permits, RESOLVE_AT_ONCE);
    resolver->limit = limit;
    for (; fixed && *fixed; fixed++)
        add_fixed(resolver, *fixed);
    return resolver;
}

void resolver_close(struct resolver *resolver)
{
    struct host *host, *next;

    if (!resolver)
        return;
    HASH_ITER(hh, resolver->hosts, host, next)
    host_close(resolver, host);
    free(resolver);
}

/* libcurl answers these by itself, without a look-up (RFC 6761, 6.3 for localhost). */
static bool needs_no_look_up(struct slice host)
{
    struct in_addr address;
    char text[INET_ADDRSTRLEN];

    if (host.bytes[0] == '[' || slice_equal(host, SLICE("localhost")) || slice_ends_with(host, SLICE(".localhost")))
        return true;
    if (host.length >= sizeof text)
        return false;
    memcpy(text, host.bytes, host.length);
    text[host.length] = '\0';
    return inet_pton(AF_INET, text, &address) == 1;
}

static void append_address(struct text *line, const struct addrinfo *address)
{
    char text[INET6_ADDRSTRLEN];

    if (address->ai_family == AF_INET6) {
        const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)address->ai_addr;

        text_append_format(line, "[%s]", inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text));
    } else {
        const struct sockaddr_in *in = (const struct sockaddr_in *)address->ai_addr;

        text_append_string(line, inet_ntop(AF_INET, &in->sin_addr, text, sizeof text));
    }
}

/* In the system's order (RFC 6724); curl tries both families in turn from there (RFC 8305). */
static char *line_for_curl(const char *name, const struct addrinfo *addresses)
{
    struct text line = {.length = 0};
    unsigned count = 0;

    text_append_format(&line, "+%s:", name);
    for (; addresses && count < RESOLVE_ADDRESSES_MAXIMUM; addresses = addresses->ai_next) {
        if (addresses->ai_family != AF_INET && addresses->ai_family != AF_INET6)
            continue;
        if (count++ > 0)
            text_append_byte(&line, ',');
        append_address(&line, addresses);
    }
    return text_take(&line);
}

static int fail_as_slow(struct failure *failure, const char *host)
{
    failure_set(failure, FAILURE_DNS, CURLE_OPERATION_TIMEDOUT, true, "looking up '%s' took too long", host);
    failure->exit_code = CURLE_OPERATION_TIMEDOUT;
    return -EIO;
}

static int look_up_in_time(struct co_task *self, const struct resolver *resolver, const char *name,
                           struct addrinfo **ret_addresses, struct failure *failure)
{
    struct co_scope scope;
    int result;

    co_scope_begin(self, &scope, resolver->limit > 0 ? co_after(resolver->limit) : CO_FOREVER);
    result = co_scope_end(self, &scope, lookup(self, name, ret_addresses, failure));
    return result == -ETIMEDOUT ? fail_as_slow(failure, name) : result;
}

static int look_up(struct co_task *self, struct resolver *resolver, struct host *host, const struct http_url *url)
{
    struct addrinfo *addresses = NULL;
    int result = co_semaphore_acquire(self, &resolver->permits);

    if (result < 0)
        return result;
    result = look_up_in_time(self, resolver, url->host, &addresses, &host->failure);
    co_semaphore_release(&resolver->permits);
    if (result == -ECANCELED)
        return result;
    free(host->line);
    memset(host->told, 0, sizeof host->told);
    host->line = result == 0 ? line_for_curl(host->name, addresses) : NULL;
    host->good_until = co_after(CO_SECONDS(result == 0 ? RESOLVE_KEPT_SECONDS : RESOLVE_FAILURE_KEPT_SECONDS));
    if (addresses)
        freeaddrinfo(addresses);
    return 0;
}

static int refresh(struct co_task *self, struct resolver *resolver, struct host *host, const struct http_url *url)
{
    int result = 0;

    if (host->good_until > co_now())
        return 0;
    result = co_lock_acquire(self, &host->lock);
    if (result < 0)
        return result;
    if (host->good_until <= co_now()) /* nobody has done it while we waited */
        result = look_up(self, resolver, host, url);
    co_lock_release(self, &host->lock);
    return result;
}

int resolver_find(struct co_task *self, struct resolver *resolver, const struct http_url *url, unsigned shard,
                  const char **ret_line, struct failure *failure)
{
    const char *name = strstr(url->origin, "://") + strlen("://"); /* "host:port" */
    struct host *host;
    int result;

    *ret_line = NULL;
    HASH_FIND_STR(resolver->hosts, name, host);
    if (!host && needs_no_look_up(slice_of(url->host)))
        return 0;
    host = host_find(resolver, name);
    host->users++;
    result = refresh(self, resolver, host, url);
    host->users--;
    if (result < 0)
        return result;
    if (!host->line) {
        *failure = host->failure;
        return -EIO;
    }
    if (!(host->told[shard / 64] >> shard % 64 & 1))
        *ret_line = host->line;
    host->told[shard / 64] |= UINT64_C(1) << shard % 64;
    return 0;
}

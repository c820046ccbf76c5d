/* resolve.h - addresses for hosts: one look-up per host and port at a time, few in all, answers kept for a while.
 *
 * libcurl's own resolver starts a thread per look-up and asks again for each connection that is opened meanwhile; so
 * curl is told the addresses with CURLOPT_RESOLVE and looks up nothing.
 */
#pragma once

#include <haul/co/task.h>
#include <haul/http/url.h>
#include <haul/job/failure.h>

#include <stdbool.h>

#define RESOLVE_AT_ONCE              64   /* each has a thread, and is in nobody's way but by their number */
#define RESOLVE_KEPT_SECONDS         60   /* answers */
#define RESOLVE_FAILURE_KEPT_SECONDS 2    /* and failures: jobs of one dead name share one look-up */
#define RESOLVE_HOSTS_MAXIMUM        4096 /* remembered */
#define RESOLVE_ADDRESSES_MAXIMUM    16   /* of one host */

struct resolver;

/* `fixed` is a list of "HOST:PORT:ADDRESS[,ADDRESS]..." that holds for ever, NULL-terminated, or NULL.  A look-up takes
 * no longer than `limit`, in nanoseconds, 0 being no limit; what it waits for its turn does not count. */
struct resolver *resolver_open(const char *const *fixed, int64_t limit);
void resolver_close(struct resolver *resolver); /* nobody may be waiting; NULL is fine */

/* What curl must be told for this URL before the shard of that number connects: a line for CURLOPT_RESOLVE, valid until
 * the next call; NULL when it knows already, or needs no look-up (an address, localhost).
 * 0; -ECANCELED; -EIO with the failure. */
int resolver_find(struct co_task *self, struct resolver *resolver, const struct http_url *url, unsigned shard,
                  const char **ret_line, struct failure *failure);

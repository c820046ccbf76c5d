/* resolve.h - the addresses of a name, by the system's resolver, off the loop. */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct addrinfo;

/* As getaddrinfo(3) for TCP; `host` or `service` may be NULL as there.  On success *ret_addresses is the caller's, to
 * be given to freeaddrinfo(3).
 *
 * A cancel ends the call at once, but not a look-up that a thread has begun: nothing can stop the system's resolver.
 * It goes on, its result is thrown away, and co_run, when all tasks have ended, waits for it before it returns, as long
 * as the resolver takes; after five seconds it says so on standard error.  A program that is to be gone at once must
 * leave by _exit(2).
 *
 * Fails with UV_EAI_NONAME: there is no such name; UV_EAI_AGAIN: asking later may help, see co_resolve_is_temporary;
 * the other UV_EAI_* of libuv's <uv.h> (pkg-config libuv), which are no errno: co_error_text has words for them,
 * strerror(3) has not; -EINVAL: a `host` that is empty, too long for a name or not UTF-8, or neither was given; -EMFILE
 * and the like: what the resolver met; -ENOMEM. */
int co_resolve(struct co_task *self, const char *host, const char *service, struct addrinfo **ret_addresses);

/* Did it fail in a way that asking later may mend (EAI_AGAIN)? */
bool co_resolve_is_temporary(int result);

CO_EXPORT_END

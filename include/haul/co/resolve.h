/* resolve.h - the addresses of a name, by the system's resolver, off the loop. */
#pragma once

#include <haul/co/export.h>
#include <haul/co/task.h>

CO_EXPORT_BEGIN

struct addrinfo;

/* As getaddrinfo(3) for TCP; *ret_addresses is the caller's to give to freeaddrinfo.  The result is 0 or one of
 * libuv's UV_EAI_* (negative): -EAGAIN's cousin UV_EAI_AGAIN means that asking later may help.  Cancelling does not
 * wait for a slow resolver: the look-up is left to end by itself, which co_run awaits before it returns. */
int co_resolve(struct co_task *self, const char *host, const char *service, struct addrinfo **ret_addresses);

/* Did it fail in a way that asking later may mend (EAI_AGAIN)? */
bool co_resolve_is_temporary(int result);

CO_EXPORT_END

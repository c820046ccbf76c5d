/* lookup.h - the addresses of a name, by the system's resolver.
 *
 * Nothing can stop that, and it may take very long or hang.  So each look-up has a thread of its own, in whose way
 * nobody else is, and one that is cancelled is left alone: not even the end of the process waits for it.
 */
#pragma once

#include <haul/co/task.h>
#include <haul/job/failure.h>

#include <netdb.h>

/* 0, and the addresses are the caller's, for freeaddrinfo(3); -ECANCELED; -EIO with the failure. */
int lookup(struct co_task *self, const char *host, struct addrinfo **ret_addresses, struct failure *failure);

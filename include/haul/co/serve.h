/* serve.h - a server: a task for each connection. */
#pragma once

#include <haul/co/export.h>
#include <haul/co/stream.h>
#include <haul/co/task.h>
#include <haul/co/timer.h>

CO_EXPORT_BEGIN

/* Deals with one connection.  The stream is closed for it, gracefully, when it has returned; what it returns is not
 * looked at: a connection that fails is the handler's business and does not end the server. */
typedef int co_handler(struct co_task *self, struct co_stream *stream, void *argument);

#define CO_SERVE_PATIENCE CO_SECONDS(1) /* for a peer that keeps a connection open which is being closed */

/* Accepts connections and runs the handler for each, until it is cancelled or the listener fails.  At most `limit`
 * connections at once, the others wait in the kernel; 0 is no limit.  A shortage of descriptors or memory costs
 * connections, not the server.
 *
 * A cancel reaches the handlers too; it returns when the last one has and its connection is closed.  A handler that is
 * to come to its own end first calls co_shield with the time that it may take.  The listener stays the caller's.
 *
 * Gives nothing but failures: it goes on until it fails.
 *
 * Fails as co_accept does, a shortage excepted. */
int co_serve(struct co_task *self, struct co_listener *listener, co_handler *handler, void *argument, unsigned limit);

CO_EXPORT_END

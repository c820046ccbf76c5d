/* stream.h - TCP: listen, accept, connect, read, write.
 *
 * A stream is owned by whoever opened or accepted it and closed with co_stream_close.  One task may read and another
 * write at the same time.  Nothing piles up: at most CO_STREAM_BUFFER bytes are read ahead, then the peer has to wait,
 * and a write returns when the kernel has taken its last byte, so that a peer that does not read makes the writer wait.
 * Listening, connecting and starting a program (process.h) make the process ignore SIGPIPE if it had nothing else in
 * mind for it: a write to a broken connection fails with -EPIPE.
 */
#pragma once

#include <haul/base/cleanup.h>
#include <haul/base/slice_type.h>
#include <haul/co/export.h>
#include <haul/co/task.h>
#include <haul/co/timer.h>

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

CO_EXPORT_BEGIN

struct co_stream;
struct co_listener;

#define CO_STREAM_BUFFER (16 * 1024) /* bytes read ahead at most, and the longest line with its ending */

/* `address` is an IPv4 or IPv6 address, not a name ("0.0.0.0" and "::" are all of this host); `port` is 0 to 65535, 0
 * for a free one.  On success *ret_listener is the caller's, to be closed.
 *
 * Fails with -EINVAL: not an address, or not a port; -EADDRINUSE, -EADDRNOTAVAIL, -EACCES, -EMFILE and the like: what
 * bind(2), listen(2) and socket(2) say; -ENOMEM. */
int co_listen(struct co_runtime *runtime, const char *address, int port, int backlog,
              struct co_listener **ret_listener);

/* The one it got when that was to be a free one.
 *
 * Gives the port. */
int co_listener_port(const struct co_listener *listener);

/* Several tasks may accept from one listener: first come, first served.  Connections that nobody has asked for wait in
 * the kernel, as many as its backlog holds; one that comes when the process has no descriptor left is closed, and the
 * call goes on waiting.  On success *ret_stream is the caller's, to be closed.
 *
 * Fails with -ENOBUFS, -EPERM and the like: what accept(2) says, and the next call may go well; -ENOMEM. */
int co_accept(struct co_task *self, struct co_listener *listener, struct co_stream **ret_stream);

/* Nobody may be accepting; NULL is fine. */
void co_listener_close(struct co_listener *listener);
CLEANUP_FUNCTION(co_listener_close, struct co_listener *)

/* Connects to `address`, an IPv4 or IPv6 address ("fe80::1%eth0" with its zone), not a name: that is co_connect_name;
 * `port` is 1 to 65535.  On success *ret_stream is the caller's, to be closed.  How long it may take is the kernel's to
 * say, minutes: for less, a scope with a deadline (scope.h).  Its packets go out without Nagle's delay, as those of
 * accepted streams do.
 *
 * Fails with -EINVAL: not an address, or not a port; -ECONNREFUSED: nobody listens there; -EHOSTUNREACH, -ENETUNREACH,
 * -EMFILE and the like: what connect(2) and socket(2) say; -ETIMEDOUT: the kernel has given up; -ENOMEM. */
int co_connect(struct co_task *self, const char *address, int port, struct co_stream **ret_stream);

/* The same for the address of an addrinfo (resolve.h) or a sockaddr_storage (below), AF_INET or AF_INET6.
 *
 * Fails as co_connect. */
int co_connect_address(struct co_task *self, const struct sockaddr *address, struct co_stream **ret_stream);

#define CO_CONNECT_DELAY     CO_MILLISECONDS(250) /* what an address has for itself before the next is tried too */
#define CO_CONNECT_ADDRESSES 16                   /* of a name, that are tried at most */

/* Connects to `host`, a name or an address: asyncio's open_connection.  The addresses of a name are tried in the order
 * of the resolver, IPv6 and IPv4 in turns, each as soon as the one before has failed or CO_CONNECT_DELAY is over; the
 * first connection wins and the other attempts are cancelled (Happy Eyeballs, RFC 8305).
 *
 * Fails as co_resolve when there is no such name; -EINVAL: not a port, or not a name; when no address answers, as
 * co_connect with the first of them that failed; -ENOMEM. */
int co_connect_name(struct co_task *self, const char *host, int port, struct co_stream **ret_stream);

/* The addresses of the two ends, AF_INET or AF_INET6 with their ports.
 *
 * Fails with -ENOTCONN, -EBADF: there is no connection any more; -ENOTSOCK: a pipe to a process. */
int co_stream_local(const struct co_stream *stream, struct sockaddr_storage *ret_address);
int co_stream_peer(const struct co_stream *stream, struct sockaddr_storage *ret_address);

#define CO_ADDRESS_TEXT 80 /* bytes, for an IPv6 address with its zone and port */

/* "127.0.0.1:80", "[::1]:80": put into `text`, and given back; "unknown" for an address of another family. */
const char *co_address_text(const struct sockaddr_storage *address, char text[CO_ADDRESS_TEXT]);

/* Takes what has come, or waits until something has; `size` is not 0.  With room for CO_STREAM_BUFFER or more, bytes go
 * there without being copied.
 *
 * Gives how many bytes it took, at least one; 0 at the end.
 *
 * Fails with -ECONNRESET and the like: what read(2) says, each time; -EPIPE: a cancelled write has closed the
 * connection. */
ssize_t co_read(struct co_task *self, struct co_stream *stream, void *bytes, size_t size);

/* The next line without its newline (and a carriage return before it), valid until the next read from the stream or its
 * close.  The last line may lack its newline.
 *
 * Gives 1 and the line; 0 at the end.
 *
 * Fails as co_read; -EMSGSIZE: a line above CO_STREAM_BUFFER. */
int co_read_line(struct co_task *self, struct co_stream *stream, struct slice *ret_line);

/* Waits for all `size` bytes.  Up to CO_STREAM_BUFFER of them, a call that fails takes none; with more it is unknown
 * how many it took.
 *
 * Gives `size`; less when the stream ended before.
 *
 * Fails as co_read. */
ssize_t co_read_exactly(struct co_task *self, struct co_stream *stream, void *bytes, size_t size);

/* Writes all of it.  A cancel while it waits closes the connection, because how much was sent is then unknown: later
 * calls on the stream fail with -EPIPE.
 *
 * Fails with -EPIPE: the peer has gone, the stream was shut down, or a cancel has closed the connection; -ECONNRESET
 * and the like: what write(2) says. */
int co_write(struct co_task *self, struct co_stream *stream, const void *bytes, size_t size);

/* No more writes: the peer reads an end.  A cancel while it waits closes the connection.
 *
 * Fails with -ENOTCONN: there is no connection any more, or it was shut down before; -EPIPE: a cancel has closed it. */
int co_stream_shut_down(struct co_task *self, struct co_stream *stream);

void co_stream_reset(struct co_stream *stream); /* makes the coming close send RST in place of FIN */

/* Does not wait; NULL is fine.  Nobody may be reading or writing. */
void co_stream_close(struct co_stream *stream);
CLEANUP_FUNCTION(co_stream_close, struct co_stream *)

/* Closes so that the peer reads all that was written: tells it the end, lets go what it still sends until it has ended
 * too, or for `nanoseconds`, then closes.  (To close while bytes of the peer have not been read resets the connection,
 * and the reset may overtake what was written.)  A cancel does not end it early.  After co_stream_reset it closes at
 * once; NULL is fine. */
void co_stream_close_gracefully(struct co_task *self, struct co_stream *stream, int64_t nanoseconds);

CO_EXPORT_END

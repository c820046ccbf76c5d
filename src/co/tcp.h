/* tcp.h - what streams and listeners share. */
#pragma once

#include "scheduler.h"

#include <haul/co/stream.h>

#include <sys/socket.h>

/* A stream without a connection yet; NULL: no memory. */
struct co_stream *stream_open(struct co_runtime *runtime);
struct co_stream *stream_open_pipe(struct co_runtime *runtime); /* the same for a pipe to a process */
uv_stream_t *stream_handle(struct co_stream *stream);
void stream_connected(struct co_stream *stream);

/* -EINVAL for what is no IPv4 or IPv6 address or no port. */
int tcp_address(const char *address, int port, struct sockaddr_storage *ret_address);

/* libuv writes so that a connection the peer has reset raises SIGPIPE, which would end the process. */
void tcp_ignore_broken_pipes(void);

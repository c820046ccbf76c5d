/* unpack.h - reads a file that may be compressed, told by its first bytes: gzip (RFC 1952) or zstd (RFC 8878).
 *
 * Several one behind another are one file; zeros behind a member of gzip are padding.  Memory is bounded, whatever a
 * few bytes stand for: no more is unpacked than was asked for, though a zstd file may want UNPACK_WINDOW_MAXIMUM for
 * itself.
 */
#pragma once

#include <haul/co/thread.h>

#include <stddef.h>

#define UNPACK_WINDOW_MAXIMUM (8 * 1024 * 1024) /* bytes: what each decoder of zstd must support */

struct unpack;

/* Does not take the descriptor over. */
struct unpack *unpack_open(int fd);
void unpack_close(struct unpack *unpack); /* NULL is fine */

/* On a thread: as read(2), but waits for what does not come in spells that a cancel can end.  -ECANCELED; another
 * negative errno; -EBADMSG when the file is damaged, -ENODATA when its end is missing, -ENOTSUP for a larger window. */
int unpack_read(struct unpack *unpack, char *bytes, size_t size, const struct co_token *token);

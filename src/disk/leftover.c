#include "leftover.h"

#include <haul/base/memory.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (256 * 1024)

/* How many are ours to go on with.  Where all of the size that was announced are there, one is asked for again: so the
 * server says whether they are of the version that it has. */
static int64_t keep(int fd, int64_t announced)
{
    struct stat status;

    if (fstat(fd, &status) < 0 || status.st_uid != geteuid())
        return 0;
    if (announced < 0 || status.st_size < announced)
        return status.st_size;
    if (status.st_size > announced)
        return 0; /* somebody else has been at it */
    return announced > 1 && ftruncate(fd, announced - 1) == 0 ? announced - 1 : 0;
}

static bool read_bytes(const struct leftover *leftover, int fd, int64_t size, const struct co_token *token)
{
    char *piece = memory_allocate(PIECE);
    ssize_t count = 1;

    while (size > 0 && count > 0 && !co_token_cancelled(token)) {
        count = read(fd, piece, size < PIECE ? (size_t)size : PIECE);
        if (count <= 0)
            break;
        if (leftover->digest)
            digest_add(leftover->digest, (struct slice){piece, (size_t)count});
        expectations_add_bytes(leftover->expectations, (struct slice){piece, (size_t)count});
        size -= count;
    }
    free(piece);
    return size == 0;
}

static void forget_bytes(const struct leftover *leftover)
{
    if (leftover->digest)
        digest_restart(leftover->digest);
    expectations_restart(leftover->expectations);
}

/* The bytes are only read where somebody wants them. */
static bool go_to_end(const struct leftover *leftover, int fd, int64_t size, const struct co_token *token)
{
    if (!leftover->digest && leftover->expectations->count == 0)
        return lseek(fd, size, SEEK_SET) == size;
    if (read_bytes(leftover, fd, size, token))
        return true;
    forget_bytes(leftover);
    return false;
}

int64_t leftover_take_up(struct leftover *leftover, struct part *part, const struct folder *folder, const char *name,
                         const struct co_token *token)
{
    int64_t size;

    if (part_take_up(part, folder, name) < 0)
        return 0;
    if (note_read(part->fd, leftover->url, leftover->note, &leftover->version)) {
        size = keep(part->fd, leftover->version.size);
        if (size > 0 && go_to_end(leftover, part->fd, size, token))
            return size;
    }
    part_leave(part);
    return 0;
}

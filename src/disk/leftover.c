#include "leftover.h"

#include <sys/stat.h>
#include <unistd.h>

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

static void forget_bytes(const struct leftover *leftover)
{
    if (leftover->digest)
        digest_restart(leftover->digest);
    expectations_restart(leftover->expectations);
}

/* All but what is missing. */
static int64_t keep_scattered(int fd, int64_t announced)
{
    struct stat status;

    return fstat(fd, &status) == 0 && status.st_uid == geteuid() && status.st_size <= announced ? announced : 0;
}

/* The bytes are only read where somebody wants them. */
static bool go_to_end(const struct leftover *leftover, int fd, int64_t size, const struct co_token *token)
{
    if (!leftover->digest && leftover->expectations->count == 0)
        return lseek(fd, size, SEEK_SET) == size;
    if (expectations_read(leftover->expectations, leftover->digest, fd, size, token) == 0)
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
        size = leftover->version.missing ? keep_scattered(part->fd, leftover->version.size)
                                         : keep(part->fd, leftover->version.size);
        if (size > 0 && leftover->version.missing)
            return size;
        if (size > 0 && go_to_end(leftover, part->fd, size, token))
            return size;
    }
    part_leave(part);
    return 0;
}

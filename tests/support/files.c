#include "part.h"

#include <haul/co/file.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PIECE_SIZE (256 * 1024)

static bool leaves_root(const char *path)
{
    struct slice rest = slice_of(path), part;

    while (rest.length > 0) {
        slice_cut(rest, '/', &part, &rest);
        if (slice_equal(part, SLICE("..")))
            return true;
    }
    return false;
}

static int open_file(struct co_task *self, struct exchange *exchange, struct slice rest, struct stat *ret_stat)
{
    char path[PATH_MAX], full[PATH_MAX];
    int fd;

    if (!exchange->origin->root || !percent_decode(rest, path, sizeof path) || leaves_root(path))
        return -ENOENT;
    if (snprintf(full, sizeof full, "%s/%s", exchange->origin->root, path) >= (int)sizeof full)
        return -ENAMETOOLONG;
    fd = co_file_open(self, full, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0)
        return fd;
    if (fstat(fd, ret_stat) == 0 && S_ISREG(ret_stat->st_mode))
        return fd;
    co_file_close(self, fd);
    return -ENOENT;
}

static struct resource describe(const struct stat *stat)
{
    struct resource resource = {.size = (unsigned long long)stat->st_size};
    struct tm moment;

    snprintf(resource.etag, sizeof resource.etag, "\"%llx-%lx-%llx\"", (unsigned long long)stat->st_mtim.tv_sec,
             (unsigned long)stat->st_mtim.tv_nsec, resource.size);
    gmtime_r(&stat->st_mtim.tv_sec, &moment);
    strftime(resource.modified, sizeof resource.modified, "%a, %d %b %Y %H:%M:%S GMT", &moment);
    return resource;
}

/* A file that turns out shorter than it was ends the connection. */
static void send_file(struct co_task *self, struct exchange *exchange, int fd, const struct part *part)
{
    struct reply *reply = &exchange->reply;
    unsigned long long done = 0;
    char *piece = malloc(PIECE_SIZE);

    if (!piece)
        reply->result = -ENOMEM;
    while (done < part->count && reply->result == 0) {
        size_t wanted = part->count - done < PIECE_SIZE ? part->count - done : PIECE_SIZE;
        ssize_t count = co_file_read(self, fd, piece, wanted, (int64_t)(part->first + done));

        if (count > 0)
            reply_body(self, reply, piece, (size_t)count);
        else
            reply->result = count < 0 ? (int)count : -EIO;
        done += count > 0 ? (unsigned long long)count : 0;
    }
    free(piece);
}

void answer_files(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    struct stat stat;
    struct resource resource;
    struct part part;
    int fd = open_file(self, exchange, rest, &stat);

    if (fd < 0) {
        reply_text(self, &exchange->reply, 404, SLICE("there is no such file\n"));
        return;
    }
    resource = describe(&stat);
    part = part_wanted(exchange->request, &resource);
    begin_part(self, exchange, &resource, &part);
    if (!exchange->reply.head_only)
        send_file(self, exchange, fd, &part);
    co_file_close(self, fd);
}

#include "exchange.h"

#include <haul/co/file.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void begin_file(struct co_task *self, struct exchange *exchange, const struct stat *stat)
{
    char modified[64];
    struct tm parts;

    strftime(modified, sizeof modified, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&stat->st_mtim.tv_sec, &parts));
    reply_begin(self, &exchange->reply, 200);
    reply_header(self, &exchange->reply, "Content-Length: %lld\r\nLast-Modified: %s\r\nETag: \"%llx-%llx\"\r\n\r\n",
                 (long long)stat->st_size, modified,
                 (unsigned long long)stat->st_mtim.tv_sec * 1000000000 + (unsigned long long)stat->st_mtim.tv_nsec,
                 (unsigned long long)stat->st_size);
}

/* A file that turns out shorter than it was ends the connection. */
static void send_file(struct co_task *self, struct exchange *exchange, int fd, int64_t size)
{
    struct reply *reply = &exchange->reply;
    char *piece = malloc(PIECE_SIZE);

    for (int64_t place = 0; place < size && reply->result == 0;) {
        ssize_t count = piece ? co_file_read(self, fd, piece, PIECE_SIZE, place) : -ENOMEM;

        if (count <= 0) {
            reply->result = count < 0 ? (int)count : -EIO;
            break;
        }
        if (count > size - place)
            count = size - place;
        reply_body(self, reply, piece, (size_t)count);
        place += count;
    }
    free(piece);
}

void answer_files(struct co_task *self, struct exchange *exchange, struct slice rest)
{
    struct stat stat;
    int fd = open_file(self, exchange, rest, &stat);

    if (fd < 0) {
        reply_text(self, &exchange->reply, 404, SLICE("there is no such file\n"));
        return;
    }
    begin_file(self, exchange, &stat);
    if (!exchange->reply.head_only)
        send_file(self, exchange, fd, stat.st_size);
    co_file_close(self, fd);
}

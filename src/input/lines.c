#include "lines.h"

#include <haul/co/file.h>
#include <haul/co/thread.h>
#include <haul/job/job.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE         (64 * 1024)
#define POLL_MILLISECONDS 100 /* how long a cancel may have to wait */

static int refuse(struct lines *lines, int code, struct error *error)
{
    lines_close(lines);
    return fail(error, ERROR_INPUT, code, "cannot read '%s': %s", lines->name, strerror(code));
}

int lines_open(struct co_task *self, struct lines *lines, const char *name, struct error *error)
{
    struct stat status;

    *lines = (struct lines){.name = name, .fd = STDIN_FILENO};
    if (strcmp(name, "-") != 0)
        lines->fd = co_file_open(self, name, O_RDONLY, 0);
    if (lines->fd < 0)
        return refuse(lines, -lines->fd, error);
    if (fstat(lines->fd, &status) < 0)
        return refuse(lines, errno, error);
    return S_ISDIR(status.st_mode) ? refuse(lines, EISDIR, error) : 0;
}

void lines_close(struct lines *lines)
{
    text_release(&lines->buffer);
    if (lines->fd > STDIN_FILENO)
        close(lines->fd);
    lines->fd = -1;
}

struct reading {
    int fd;
    char *bytes;
};

/* On a thread.  A silent pipe is watched in short spells, to hear of a cancel. */
static int read_some(void *argument, const struct co_token *token)
{
    struct reading *reading = argument;

    while (!co_token_cancelled(token)) {
        struct pollfd wanted = {.fd = reading->fd, .events = POLLIN};
        ssize_t count;

        if (poll(&wanted, 1, POLL_MILLISECONDS) == 0)
            continue;
        count = read(reading->fd, reading->bytes, READ_SIZE);
        if (count >= 0)
            return (int)count;
        if (errno != EINTR && errno != EAGAIN)
            return -errno;
    }
    return -ECANCELED;
}

static int refuse_to_go_on(const struct lines *lines, int code, struct error *error)
{
    unsigned long long done = lines->number - 1;

    if (done == 0)
        return fail(error, ERROR_INPUT, code, "cannot read '%s': %s", lines->name, strerror(code));
    return fail(error, ERROR_INPUT, code, "cannot read on in '%s' after line %llu: %s", lines->name, done,
                strerror(code));
}

/* Old lines go, new bytes come; the buffer holds one line that is too long and one read at most. */
static int read_more(struct co_task *self, struct lines *lines, struct error *error)
{
    struct reading reading = {.fd = lines->fd};
    int result;

    text_reserve(&lines->buffer, READ_SIZE);
    memmove(lines->buffer.bytes, lines->buffer.bytes + lines->next, lines->buffer.length - lines->next);
    lines->buffer.length -= lines->next;
    lines->next = 0;
    reading.bytes = lines->buffer.bytes + lines->buffer.length;
    result = co_to_thread(self, read_some, &reading);
    if (result == -ECANCELED)
        return result;
    if (result < 0)
        return refuse_to_go_on(lines, -result, error);
    lines->buffer.length += (size_t)result;
    lines->ended = result == 0;
    return 0;
}

static struct slice unread(const struct lines *lines)
{
    return slice_from(text_slice(&lines->buffer), lines->next);
}

static void drop_byte_order_mark(struct lines *lines)
{
    if (lines->number == 1 && slice_starts_with(unread(lines), SLICE("\xef\xbb\xbf")))
        lines->next += 3;
}

/* The rest of a line that is too long, in constant memory. */
static int skip_to_newline(struct co_task *self, struct lines *lines, struct error *error)
{
    int result = 0;

    for (;;) {
        struct slice rest = unread(lines);
        const char *newline = rest.length > 0 ? memchr(rest.bytes, '\n', rest.length) : NULL;

        if (newline) {
            lines->next = (size_t)(newline - lines->buffer.bytes) + 1;
            return 0;
        }
        lines->next = lines->buffer.length;
        if (lines->ended)
            return 0;
        result = read_more(self, lines, error);
        if (result < 0)
            return result;
    }
}

static int give_beginning(struct co_task *self, struct lines *lines, struct slice *ret_line, struct error *error)
{
    static const size_t length = JOB_LINE_MAXIMUM + 1;
    struct text beginning = {.length = 0};
    int result;

    text_append(&beginning, (struct slice){unread(lines).bytes, length});
    result = skip_to_newline(self, lines, error);
    if (result == 0) { /* put back in front of what comes next, to be owned by the buffer */
        text_append(&beginning, unread(lines));
        text_release(&lines->buffer);
        lines->buffer = beginning;
        lines->next = length;
        *ret_line = (struct slice){lines->buffer.bytes, length};
        return 1;
    }
    text_release(&beginning);
    return result;
}

int lines_next(struct co_task *self, struct lines *lines, struct slice *ret_line, struct error *error)
{
    lines->number++;
    for (;;) {
        struct slice rest;
        const char *newline;
        int result;

        drop_byte_order_mark(lines);
        rest = unread(lines);
        newline = rest.length > 0 ? memchr(rest.bytes, '\n', rest.length) : NULL;
        if (newline || (lines->ended && rest.length > 0)) {
            size_t length = newline ? (size_t)(newline - rest.bytes) : rest.length;

            if (length > JOB_LINE_MAXIMUM)
                return give_beginning(self, lines, ret_line, error);
            *ret_line = (struct slice){rest.bytes, length};
            lines->next += length + (newline != NULL);
            return 1;
        }
        if (lines->ended)
            return 0;
        if (rest.length > JOB_LINE_MAXIMUM)
            return give_beginning(self, lines, ret_line, error);
        result = read_more(self, lines, error);
        if (result < 0)
            return result;
    }
}

#include "lines.h"
#include "unpack.h"

#include <haul/co/file.h>
#include <haul/co/thread.h>
#include <haul/job/job.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)

static int refuse(struct lines *lines, int code, struct error *error)
{
    lines_close(lines);
    if (code == ENOENT && strstr(lines->name, "://"))
        return fail(error, ERROR_INPUT, code, "cannot read '%s': a list is a file, or '-' behind 'haul -o - URL |'",
                    lines->name);
    return fail(error, ERROR_INPUT, code, "cannot read '%s': %s", lines->name, strerror(code));
}

int lines_open(struct co_task *self, struct lines *lines, const char *name, struct error *error)
{
    struct stat status;

    *lines = (struct lines){.name = name, .fd = STDIN_FILENO, .maximum = JOB_LINE_MAXIMUM};
    if (strcmp(name, "-") != 0)
        lines->fd = co_file_open(self, name, O_RDONLY | O_NONBLOCK, 0); /* a FIFO may have no writer yet */
    if (lines->fd < 0)
        return refuse(lines, -lines->fd, error);
    if (fstat(lines->fd, &status) < 0)
        return refuse(lines, errno, error);
    if (S_ISDIR(status.st_mode))
        return refuse(lines, EISDIR, error);
    lines->unpack = unpack_open(lines->fd);
    return 0;
}

void lines_close(struct lines *lines)
{
    text_release(&lines->buffer);
    unpack_close(lines->unpack);
    lines->unpack = NULL;
    if (lines->fd > STDIN_FILENO)
        close(lines->fd);
    lines->fd = -1;
}

struct reading {
    struct unpack *unpack;
    char *bytes;
};

static int read_some(void *argument, const struct co_token *token)
{
    struct reading *reading = argument;

    return unpack_read(reading->unpack, reading->bytes, READ_SIZE, token);
}

static const char *why(int code)
{
    switch (code) {
    case EBADMSG:
        return "what is compressed is damaged";
    case ENODATA:
        return "what is compressed ends too early";
    case ENOTSUP:
        return "it is compressed with a window above 8 MiB";
    default:
        return strerror(code);
    }
}

static int refuse_to_go_on(const struct lines *lines, int code, struct error *error)
{
    if (lines->number == 0)
        return fail(error, ERROR_INPUT, code, "cannot read '%s': %s", lines->name, why(code));
    return fail(error, ERROR_INPUT, code, "cannot read on in '%s' after line %llu: %s", lines->name,
                (unsigned long long)lines->number, why(code));
}

/* Old lines go, new bytes come; the buffer holds one line that is too long and one read at most. */
static int read_more(struct co_task *self, struct lines *lines, struct error *error)
{
    struct reading reading = {.unpack = lines->unpack};
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
    if (lines->number == 0 && slice_starts_with(unread(lines), SLICE("\xef\xbb\xbf")))
        lines->next += 3;
}

/* False while the line has not ended. */
static bool skip(struct lines *lines)
{
    struct slice rest = unread(lines), ignored;
    bool ended = slice_cut(rest, '\n', &ignored, &rest);

    lines->next = lines->buffer.length - rest.length;
    lines->skipping = !ended;
    return ended;
}

/* From what the buffer holds; false: it does not hold a line. */
static bool take_line(struct lines *lines, struct slice *ret_line)
{
    struct slice line, rest;
    bool whole;

    if (lines->skipping && !skip(lines))
        return false;
    drop_byte_order_mark(lines);
    whole = slice_cut(unread(lines), '\n', &line, &rest);
    if (!whole && line.length <= lines->maximum && !(lines->ended && line.length > 0))
        return false;
    if (line.length > lines->maximum) {
        line.length = lines->maximum + 1;
        lines->skipping = true;
        whole = false;
    }
    lines->next += line.length + whole;
    lines->number++;
    *ret_line = line;
    return true;
}

int lines_next(struct co_task *self, struct lines *lines, struct slice *ret_line, struct error *error)
{
    while (!take_line(lines, ret_line)) {
        int result;

        if (lines->ended)
            return 0;
        result = read_more(self, lines, error);
        if (result < 0)
            return result;
    }
    return 1;
}

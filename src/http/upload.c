#include "upload.h"

#include <haul/base/memory.h>
#include <haul/co/runtime.h>
#include <haul/co/thread.h>

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a thread does with files; a problem is -EIO, and where. */
struct reading {
    struct upload *upload;
    struct upload_position at;
    char *bytes;
    size_t length, room;
    const char *path; /* of the file that has a problem */
    int code;         /* errno; 0: it is shorter than it was */
};

static int stop_at(struct reading *reading, const char *path, int code)
{
    reading->path = path;
    reading->code = code;
    return -EIO;
}

static int fail_as_unreadable(struct failure *failure, const struct reading *reading)
{
    if (reading->code == 0)
        failure_set(failure, FAILURE_DISK, 0, false, "'%s' became shorter while it was sent", reading->path);
    else
        failure_set(failure, FAILURE_DISK, reading->code, false, "cannot read '%s': %s", reading->path,
                    co_error_text(-reading->code));
    failure->exit_code = CURLE_READ_ERROR;
    return -EIO;
}

static int measure(void *argument, const struct co_token *token)
{
    struct reading *reading = argument;
    struct upload *upload = reading->upload;

    (void)token;
    for (size_t i = 0; i < upload->content->part_count; i++) {
        const struct http_part *part = &upload->content->parts[i];
        struct stat status;

        upload->sizes[i] = (int64_t)part->bytes.length;
        if (part->path && stat(part->path, &status) < 0)
            return stop_at(reading, part->path, errno);
        if (part->path && !S_ISREG(status.st_mode))
            return stop_at(reading, part->path, S_ISDIR(status.st_mode) ? EISDIR : ESPIPE);
        if (part->path)
            upload->sizes[i] = status.st_size;
        upload->size += upload->sizes[i];
    }
    return 0;
}

int upload_begin(struct co_task *self, struct upload *upload, const struct http_content *content,
                 struct failure *failure)
{
    struct reading reading = {.upload = upload};
    int result;

    upload_end(upload);
    upload->content = content;
    upload->fd = -1;
    upload->sizes = memory_allocate(content->part_count * sizeof *upload->sizes);
    result = co_to_thread(self, measure, &reading);
    if (upload->size == 0)
        upload->next.part = content->part_count;
    return result == -EIO ? fail_as_unreadable(failure, &reading) : result;
}

static void close_file(struct upload *upload)
{
    if (upload->content && upload->fd >= 0)
        close(upload->fd);
    upload->fd = -1;
}

void upload_end(struct upload *upload)
{
    close_file(upload);
    free(upload->sizes);
    free(upload->pieces[0].bytes);
    free(upload->pieces[1].bytes);
    *upload = (struct upload){.content = NULL};
}

static bool is_at_end(const struct upload *upload)
{
    return upload->next.part == upload->content->part_count;
}

static bool is_empty(const struct upload_piece *piece)
{
    return piece->taken == piece->length;
}

bool upload_is_hungry(const struct upload *upload)
{
    return upload->content && !is_at_end(upload) && (is_empty(&upload->pieces[0]) || is_empty(&upload->pieces[1]));
}

/* Without waiting for one that has become a pipe meanwhile. */
static int open_part(struct upload *upload, size_t part)
{
    if (upload->fd >= 0 && upload->opened == part)
        return 0;
    close_file(upload);
    upload->fd = open(upload->content->parts[part].path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    upload->opened = part;
    return upload->fd < 0 ? -errno : 0;
}

static int read_file(struct reading *reading, const char *path, size_t size)
{
    int result = open_part(reading->upload, reading->at.part);
    ssize_t count;

    if (result < 0)
        return stop_at(reading, path, -result);
    do
        count = pread(reading->upload->fd, reading->bytes + reading->length, size, reading->at.offset);
    while (count < 0 && errno == EINTR);
    if (count <= 0)
        return stop_at(reading, path, count < 0 ? errno : 0);
    reading->length += (size_t)count;
    reading->at.offset += count;
    return 0;
}

static void copy_bytes(struct reading *reading, struct slice bytes, size_t size)
{
    memcpy(reading->bytes + reading->length, bytes.bytes + reading->at.offset, size);
    reading->length += size;
    reading->at.offset += (int64_t)size;
}

static int fill_piece(void *argument, const struct co_token *token)
{
    struct reading *reading = argument;
    struct upload *upload = reading->upload;
    int result = 0;

    (void)token;
    while (result == 0 && reading->length < reading->room && reading->at.part < upload->content->part_count) {
        const struct http_part *part = &upload->content->parts[reading->at.part];
        int64_t left = upload->sizes[reading->at.part] - reading->at.offset;
        size_t room = reading->room - reading->length;
        size_t size = left < (int64_t)room ? (size_t)left : room;

        if (left == 0)
            reading->at = (struct upload_position){reading->at.part + 1, 0};
        else if (part->path)
            result = read_file(reading, part->path, size);
        else
            copy_bytes(reading, part->bytes, size);
    }
    return result;
}

int upload_feed(struct co_task *self, struct upload *upload, struct failure *failure)
{
    unsigned which = is_empty(&upload->pieces[upload->sending]) ? upload->sending : !upload->sending;
    struct upload_piece *piece = &upload->pieces[which];
    struct reading reading = {.upload = upload, .at = upload->next};
    int result;

    reading.room = upload->size < UPLOAD_PIECE ? (size_t)upload->size : UPLOAD_PIECE;
    if (!piece->bytes)
        piece->bytes = memory_allocate(reading.room);
    reading.bytes = piece->bytes;
    upload->rewound = false;
    result = co_to_thread(self, fill_piece, &reading);
    if (result < 0)
        return result == -EIO ? fail_as_unreadable(failure, &reading) : result;
    if (upload->rewound)
        return 0;
    piece->length = reading.length;
    piece->taken = 0;
    upload->next = reading.at;
    return 0;
}

bool upload_take(struct upload *upload, char *bytes, size_t room, size_t *ret_length)
{
    struct upload_piece *piece = &upload->pieces[upload->sending];
    size_t length;

    length = piece->length - piece->taken;
    upload->starved = length == 0 && !is_at_end(upload);
    if (length > room)
        length = room;
    if (length > 0)
        memcpy(bytes, piece->bytes + piece->taken, length);
    piece->taken += length;
    if (length > 0 && is_empty(piece))
        upload->sending = !upload->sending;
    *ret_length = length;
    return !upload->starved;
}

void upload_rewind(struct upload *upload)
{
    for (unsigned i = 0; i < 2; i++)
        upload->pieces[i].length = upload->pieces[i].taken = 0;
    upload->next = (struct upload_position){.part = 0};
    upload->rewound = true;
}

#include "manifest.h"

#include <haul/base/memory.h>
#include <haul/base/text.h>
#include <haul/co/thread.h>
#include <haul/input/journal.h>

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE        (1024 * 1024) /* read at once */
#define RECORD_USUAL 4096

/* A record of a job that is done. */
struct done {
    uint64_t key;
    int64_t offset;
    uint32_t taken; /* of those of this key; counted in the first of them */
};

struct journal {
    int fd;                    /* -1: there was no file */
    bool has_lines, is_report; /* some of them are ours */
    time_t began;
    struct done *done; /* by key, later records first */
    size_t count, room;
};

/* An id that is only the place in the list is none: the list may have changed. */
static uint64_t key_of(const char *url, const char *output, const char *id, uint64_t index)
{
    char place[24];

    snprintf(place, sizeof place, "%llu", (unsigned long long)index);
    return manifest_key(id && strcmp(id, place) != 0 ? id : "", url, output ? output : "");
}

static const char *string_at(const cJSON *object, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

static const char *string_in(const cJSON *object, const char *key, const char *inner)
{
    return string_at(cJSON_GetObjectItemCaseSensitive(object, key), inner);
}

static double number_at(const cJSON *object, const char *key)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, key);

    return cJSON_IsNumber(number) ? number->valuedouble : 0;
}

static uint64_t key_of_record(const cJSON *record)
{
    const char *url = string_at(record, "url");

    return key_of(url ? url : "", string_at(record, "output"), string_at(record, "id"),
                  (uint64_t)number_at(record, "index"));
}

struct reading {
    struct journal *journal;
    const char *path;
    void (*note)(void *context, const char *path);
    void *context;
};

static void add(struct journal *journal, uint64_t key, int64_t offset)
{
    if (journal->count == journal->room) {
        journal->room = journal->room > 0 ? 2 * journal->room : 256;
        journal->done = memory_resize(journal->done, journal->room * sizeof *journal->done);
    }
    journal->done[journal->count++] = (struct done){.key = key, .offset = offset};
}

static void note_beginning(struct journal *journal, const cJSON *run)
{
    const char *moment = string_at(run, "started_at");
    struct tm tm = {0};

    if (journal->began == 0 && moment && strptime(moment, "%Y-%m-%dT%H:%M:%S", &tm))
        journal->began = timegm(&tm);
}

static void take_line(const struct reading *reading, struct slice line, int64_t offset)
{
    const char *type = NULL, *path;
    cJSON *object = manifest_parse_ours(line, &type);

    reading->journal->has_lines = true;
    reading->journal->is_report = reading->journal->is_report || object;
    if (object && strcmp(type, "run") == 0)
        note_beginning(reading->journal, object);
    if (object && strcmp(type, "result") == 0 && manifest_is_done(object)) {
        add(reading->journal, key_of_record(object), offset);
        path = string_in(object, "file", "path");
        if (path)
            reading->note(reading->context, path);
    }
    cJSON_Delete(object);
}

/* Takes the whole lines of the text out of it, and what is longer than any line of ours.  Gives their length. */
static size_t take_lines(const struct reading *reading, struct slice text, int64_t offset)
{
    size_t taken = 0;
    const char *newline;

    while ((newline = memchr(text.bytes + taken, '\n', text.length - taken))) {
        size_t length = (size_t)(newline - text.bytes) - taken;

        take_line(reading, (struct slice){text.bytes + taken, length}, offset + (int64_t)taken);
        taken += length + 1;
    }
    return text.length - taken > MANIFEST_LINE_MAXIMUM ? text.length : taken;
}

static int compare(const void *one, const void *other)
{
    const struct done *a = one, *b = other;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->offset < b->offset ? 1 : -1;
}

static void remove_first(struct text *text, size_t length)
{
    memmove(text->bytes, text->bytes + length, text->length - length);
    text->length -= length;
}

static int read_lines(const struct reading *reading, int fd)
{
    CLEANUP(text_release) struct text text = {0};
    int64_t offset = 0; /* of the text */
    ssize_t count;

    do {
        size_t taken;

        text_reserve(&text, PIECE);
        count = pread(fd, text.bytes + text.length, PIECE, offset + (int64_t)text.length);
        if (count < 0)
            return -errno;
        text.length += (size_t)count;
        taken = take_lines(reading, text_slice(&text), offset);
        remove_first(&text, taken);
        offset += (int64_t)taken;
    } while (count > 0);
    if (reading->journal->count > 0)
        qsort(reading->journal->done, reading->journal->count, sizeof *reading->journal->done, compare);
    return reading->journal->has_lines && !reading->journal->is_report ? -EBADMSG : 0;
}

/* Nothing is wrong with a file that is not there yet. */
static int read_on_thread(void *argument, const struct co_token *token)
{
    const struct reading *reading = argument;
    struct journal *journal = reading->journal;
    struct stat status;

    (void)token;
    journal->fd = open(reading->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (journal->fd < 0)
        return errno == ENOENT ? 0 : -errno;
    if (fstat(journal->fd, &status) < 0)
        return -errno;
    return S_ISREG(status.st_mode) ? read_lines(reading, journal->fd) : -EINVAL;
}

int journal_open(struct co_task *self, const char *path, void (*note)(void *context, const char *path), void *context,
                 struct error *error, struct journal **ret_journal)
{
    CLEANUP(journal_close) struct journal *journal = memory_allocate(sizeof *journal);
    struct reading reading = {journal, path, note, context};
    int result;

    journal->fd = -1;
    result = co_to_thread(self, read_on_thread, &reading);
    if (result < 0)
        return fail(error, ERROR_INPUT, -result, "cannot resume by '%s': %s", path,
                    result == -EINVAL    ? "it is no file"
                    : result == -EBADMSG ? "it has no line of --json"
                                         : strerror(-result));
    *ret_journal = STEAL(journal);
    return 0;
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    if (journal->fd >= 0)
        close(journal->fd);
    free(journal->done);
    free(journal);
}

time_t journal_began(const struct journal *journal)
{
    return journal->began;
}

struct question {
    const struct journal *journal;
    const struct job *job;
    const char *url;
    int64_t offset;
    struct arena *arena;
    struct journal_record *record;
};

static bool is_same(const char *one, const char *other)
{
    return strcmp(one ? one : "", other ? other : "") == 0;
}

/* Two keys may be one number. */
static int take_record(const struct question *question, const cJSON *object)
{
    struct journal_record *record = question->record;
    const cJSON *file = cJSON_GetObjectItemCaseSensitive(object, "file");

    if (!is_same(string_at(object, "url"), question->url) ||
        !is_same(string_at(object, "output"), question->job->output))
        return -ENOENT;
    record->path = arena_copy_string(question->arena, string_at(file, "path"));
    record->bytes = (int64_t)number_at(file, "bytes");
    record->algorithm = arena_copy_string(question->arena, string_in(object, "checksum", "algorithm"));
    record->digest = arena_copy_string(question->arena, string_in(object, "checksum", "actual"));
    return 0;
}

/* The line that begins there; it was there when the journal was read. */
static int read_line(const struct question *question, struct text *line)
{
    ssize_t count;

    do {
        text_reserve(line, RECORD_USUAL);
        count = pread(question->journal->fd, line->bytes + line->length, RECORD_USUAL,
                      question->offset + (int64_t)line->length);
        if (count < 0)
            return -errno;
        line->length += (size_t)count;
    } while (count > 0 && line->length <= MANIFEST_LINE_MAXIMUM && !slice_contains_byte(text_slice(line), '\n'));
    return 0;
}

static int look_on_thread(void *argument, const struct co_token *token)
{
    CLEANUP(text_release) struct text text = {0};
    const struct question *question = argument;
    struct slice line, rest;
    const char *type = NULL;
    cJSON *object;
    int result = read_line(question, &text);

    (void)token;
    if (result < 0)
        return result;
    slice_cut(text_slice(&text), '\n', &line, &rest);
    object = manifest_parse_ours(line, &type);
    result = object ? take_record(question, object) : -EIO;
    cJSON_Delete(object);
    return result;
}

/* The first of that key, or of one above. */
static size_t find(const struct journal *journal, uint64_t key)
{
    size_t low = 0, high = journal->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (journal->done[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Of the next record of that key; false when there is none left. */
static bool take_place(struct journal *journal, uint64_t key, int64_t *ret_offset)
{
    size_t first = find(journal, key), next;

    if (first == journal->count || journal->done[first].key != key)
        return false;
    next = first + journal->done[first].taken;
    if (next == journal->count || journal->done[next].key != key)
        return false;
    journal->done[first].taken++;
    *ret_offset = journal->done[next].offset;
    return true;
}

int journal_take(struct co_task *self, struct journal *journal, const struct job *job, const char *url,
                 struct arena *arena, struct journal_record *ret_record)
{
    uint64_t key = key_of(url, job->output, job->id, job->index);
    struct question question = {journal, job, url, 0, arena, ret_record};
    int result = -ENOENT;

    while (result == -ENOENT && take_place(journal, key, &question.offset))
        result = co_to_thread(self, look_on_thread, &question);
    return result;
}

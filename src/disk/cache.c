#include "place.h"
#include "sqlite.h"

#include <haul/base/memory.h>
#include <haul/co/thread.h>
#include <haul/co/work_queue.h>
#include <haul/disk/cache.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION_ID     0x6861756c /* "haul" */
#define BUSY_MILLISECONDS  10000      /* how long another run may take to commit */
#define PAUSE_MILLISECONDS 5

#define SCHEMA                                                                                                         \
    "BEGIN IMMEDIATE;"                                                                                                 \
    "CREATE TABLE file (path BLOB PRIMARY KEY, url TEXT, etag TEXT, last_modified TEXT, size INTEGER, modified "       \
    "INTEGER) WITHOUT ROWID;"                                                                                          \
    "PRAGMA application_id = 1751217516;"                                                                              \
    "PRAGMA user_version = 1;"                                                                                         \
    "COMMIT;"

/* Used by one thread after the other: the queue has one trip at a time. */
struct cache {
    char *path;
    const struct folder *folder;
    char base[PATH_MAX]; /* its absolute path */
    struct co_work_queue *queue;
    sqlite3 *database;
    sqlite3_stmt *find, *keep;
    bool changing;    /* between BEGIN and COMMIT */
    char problem[96]; /* the first; "" */
};

/* For "disk I/O error" the system has better words. */
static const char *problem_of(sqlite3 *database)
{
    int number = sqlite.errcode(database) == SQLITE_IOERR ? sqlite.system_errno(database) : 0;

    return number > 0 ? strerror(number) : sqlite.errmsg(database);
}

static void note_problem(struct cache *cache)
{
    if (!cache->problem[0])
        snprintf(cache->problem, sizeof cache->problem, "%s", problem_of(cache->database));
}

static bool run(struct cache *cache, const char *sql)
{
    if (sqlite.exec(cache->database, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    note_problem(cache);
    return false;
}

static int64_t ask_number(struct cache *cache, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;

    if (sqlite.prepare_v2(cache->database, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite.step(statement) == SQLITE_ROW)
        number = sqlite.column_int64(statement, 0);
    else
        note_problem(cache);
    sqlite.finalize(statement);
    return number;
}

static bool prepare(struct cache *cache, const char *sql, sqlite3_stmt **ret_statement)
{
    if (sqlite.prepare_v3(cache->database, sql, -1, SQLITE_PREPARE_PERSISTENT, ret_statement, NULL) == SQLITE_OK)
        return true;
    note_problem(cache);
    return false;
}

/* Two runs that make the file at once may both want it for themselves, and SQLite does not wait where each holds what
 * the other needs. */
static bool turn_on_wal(struct cache *cache)
{
    int result = SQLITE_BUSY;

    for (int waited = 0; result == SQLITE_BUSY && waited < BUSY_MILLISECONDS; waited += PAUSE_MILLISECONDS) {
        if (waited > 0)
            sqlite.sleep(PAUSE_MILLISECONDS);
        result = sqlite.exec(cache->database, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    }
    if (result != SQLITE_OK)
        note_problem(cache);
    return result == SQLITE_OK;
}

/* SQLite would make it for everybody to read. */
static int make_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return -errno;
    close(fd);
    return 0;
}

/* Another run may make the table between the look and ours. */
static bool has_table(struct cache *cache)
{
    int64_t tables = ask_number(cache, "SELECT count(*) FROM sqlite_schema");

    if (tables == 0 && sqlite.exec(cache->database, SCHEMA, NULL, NULL, NULL) != SQLITE_OK)
        sqlite.exec(cache->database, "ROLLBACK", NULL, NULL, NULL);
    if (tables < 0)
        return false;
    if (ask_number(cache, "PRAGMA application_id") == APPLICATION_ID && ask_number(cache, "PRAGMA user_version") == 1)
        return true;
    snprintf(cache->problem, sizeof cache->problem, "it is a database of something else");
    return false;
}

static int open_on_thread(void *argument, const struct co_token *token)
{
    struct cache *cache = argument;
    int result = realpath(cache->folder->path, cache->base) ? make_private(cache->path) : -errno;

    const char *problem = result < 0 ? strerror(-result) : sqlite_open();

    (void)token;
    if (problem) {
        snprintf(cache->problem, sizeof cache->problem, "%s", problem);
        return result < 0 ? result : -ELIBACC;
    }
    if (sqlite.open_v2(cache->path, &cache->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        note_problem(cache);
        return -EIO;
    }
    sqlite.busy_timeout(cache->database, BUSY_MILLISECONDS);
    if (!turn_on_wal(cache) || !run(cache, "PRAGMA synchronous = NORMAL") || !has_table(cache) ||
        !prepare(cache, "SELECT etag, last_modified, size, modified FROM file WHERE path = ?1 AND url = ?2",
                 &cache->find) ||
        !prepare(cache, "INSERT OR REPLACE INTO file VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &cache->keep))
        return -EIO;
    return 0;
}

static void commit(void *argument)
{
    struct cache *cache = argument;

    if (!cache->changing)
        return;
    cache->changing = false;
    if (!run(cache, "COMMIT"))
        sqlite.exec(cache->database, "ROLLBACK", NULL, NULL, NULL);
}

static int close_on_thread(void *argument, const struct co_token *token)
{
    struct cache *cache = argument;

    (void)token;
    if (!sqlite.close)
        return 0; /* it was never opened */
    sqlite.finalize(cache->find);
    sqlite.finalize(cache->keep);
    if (sqlite.close(cache->database) != SQLITE_OK)
        note_problem(cache);
    return 0;
}

static int close_cache(struct co_task *self, struct cache *cache, const char *verb, struct error *error)
{
    int result = 0;

    co_to_thread_shielded(self, close_on_thread, cache);
    if (cache->problem[0])
        result = fail(error, ERROR_DISK, EIO, "cannot %s '%s': %s", verb, cache->path, cache->problem);
    co_work_queue_close(cache->queue);
    free(cache->path);
    free(cache);
    return result;
}

int cache_open(struct co_task *self, const char *path, const struct folder *folder, struct error *error,
               struct cache **ret_cache)
{
    struct cache *cache = memory_allocate(sizeof *cache);
    int result;

    cache->path = memory_copy_string(path);
    cache->folder = folder;
    cache->queue = co_work_queue_open(co_task_runtime(self), 1);
    if (!cache->queue)
        memory_exhausted(0);
    co_work_queue_at_trip_end(cache->queue, commit, cache);
    result = co_to_thread(self, open_on_thread, cache);
    if (result < 0) {
        close_cache(self, cache, "open", error);
        return result;
    }
    *ret_cache = cache;
    return 0;
}

int cache_close(struct co_task *self, struct cache *cache, struct error *error)
{
    return cache ? close_cache(self, cache, "use", error) : 0;
}

/* A piece of work for the thread. */
struct question {
    struct cache *cache;
    const char *name, *url;
    struct arena *arena;
    struct cache_entry *entry;
};

static bool bind_file(sqlite3_stmt *statement, const struct question *question)
{
    char path[2 * PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", question->cache->base, question->name);

    return length < (int)sizeof path && sqlite.bind_blob(statement, 1, path, length, SQLITE_TRANSIENT) == SQLITE_OK &&
           sqlite.bind_text(statement, 2, question->url, -1, SQLITE_STATIC) == SQLITE_OK;
}

static int64_t time_of(const struct stat *status)
{
    return status->st_mtim.tv_sec * INT64_C(1000000000) + status->st_mtim.tv_nsec;
}

static const char *column(sqlite3_stmt *statement, int number, struct arena *arena)
{
    return arena_copy_string(arena, (const char *)sqlite.column_text(statement, number));
}

static int take_row(sqlite3_stmt *statement, const struct question *question)
{
    struct cache_entry *entry = question->entry;
    struct stat status;

    entry->size = sqlite.column_int64(statement, 2);
    if (place_status(question->cache->folder, question->name, &status) < 0 || !S_ISREG(status.st_mode) ||
        status.st_size != entry->size || time_of(&status) != sqlite.column_int64(statement, 3))
        return -ENOENT;
    entry->etag = column(statement, 0, question->arena);
    entry->last_modified = column(statement, 1, question->arena);
    return 0;
}

static int find_on_thread(void *argument, const struct co_token *token)
{
    const struct question *question = argument;
    sqlite3_stmt *statement = question->cache->find;
    int result = -ENOENT, step = SQLITE_DONE;

    (void)token;
    if (bind_file(statement, question))
        step = sqlite.step(statement);
    if (step == SQLITE_ROW)
        result = take_row(statement, question);
    else if (step != SQLITE_DONE)
        note_problem(question->cache);
    sqlite.reset(statement);
    sqlite.clear_bindings(statement);
    return result;
}

static int keep_on_thread(void *argument, const struct co_token *token)
{
    const struct question *question = argument;
    const struct cache_entry *entry = question->entry;
    struct cache *cache = question->cache;
    sqlite3_stmt *statement = cache->keep;
    struct stat status;

    (void)token;
    if (place_status(question->cache->folder, question->name, &status) < 0 || !bind_file(statement, question))
        return 0;
    cache->changing = cache->changing || run(cache, "BEGIN IMMEDIATE");
    sqlite.bind_text(statement, 3, entry->etag, -1, SQLITE_STATIC);
    sqlite.bind_text(statement, 4, entry->last_modified, -1, SQLITE_STATIC);
    sqlite.bind_int64(statement, 5, status.st_size);
    sqlite.bind_int64(statement, 6, time_of(&status));
    if (!cache->changing || sqlite.step(statement) != SQLITE_DONE)
        note_problem(cache);
    sqlite.reset(statement);
    sqlite.clear_bindings(statement);
    return 0;
}

int cache_find(struct co_task *self, struct cache *cache, const char *name, const char *url, struct arena *arena,
               struct cache_entry *ret_entry)
{
    struct question question = {cache, name, url, arena, ret_entry};

    return co_work_queue_run(self, cache->queue, find_on_thread, &question);
}

void cache_keep(struct co_task *self, struct cache *cache, const char *name, const char *url,
                const struct cache_entry *entry)
{
    struct cache_entry copy = *entry;
    struct question question = {cache, name, url, NULL, &copy};

    co_work_queue_run(self, cache->queue, keep_on_thread, &question);
}

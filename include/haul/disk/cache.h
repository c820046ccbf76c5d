/* cache.h - what servers said of the files that they gave, kept from one run to the next.
 *
 *     if (cache_find(self, cache, name, url, arena, &entry) == 0)
 *         ask the server only whether it has another version than entry's
 *     ...
 *     output_publish(...);
 *     cache_keep(self, cache, output_name(output), url, &entry);
 *
 * An SQLite database, with a row for each file: its absolute path, the URL that it came from, the validators of the
 * answer (RFC 9110, 8.8), and the size and time that the file had then.  A file that has another size or time now has
 * been touched by somebody, and nothing is known of it.  Files that are created are for their owner alone (0600).
 *
 * What is kept together is committed together, before cache_keep returns: a run that is killed leaves the database as
 * it was after one of its commits.  Several runs may use it at once.  All work is done on threads.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/error.h>
#include <haul/co/task.h>
#include <haul/disk/folder.h>

#include <stdint.h>

struct cache;

struct cache_entry {
    const char *etag, *last_modified; /* as the server wrote them; NULL: it did not */
    int64_t size;                     /* bytes of the file */
};

/* For the files of a folder, which outlives it.  Makes the database when it is not there.  Less than 0 with an error
 * that names it: it cannot be opened, or it is something else. */
int cache_open(struct co_task *self, const char *path, const struct folder *folder, struct error *error,
               struct cache **ret_cache);

/* Less than 0 with an error when something could not be looked up or kept since it was opened.  NULL is fine. */
int cache_close(struct co_task *self, struct cache *cache, struct error *error);

/* 0: the file of that name is as it was when it came from the URL; the strings are the arena's.  -ENOENT: nothing is
 * known of it, or it is not as it was.  -ECANCELED. */
int cache_find(struct co_task *self, struct cache *cache, const char *name, const char *url, struct arena *arena,
               struct cache_entry *ret_entry);

/* The file of that name has just come from the URL, with the entry's validators; its size is looked up.  One that is
 * not there is not kept. */
void cache_keep(struct co_task *self, struct cache *cache, const char *name, const char *url,
                const struct cache_entry *entry);

#include "scene.h"

#include <haul/disk/cache.h>

#include <errno.h>

#define URL "http://a.example/file"

struct kept {
    struct folder *folder;
    struct cache *cache;
};

static struct kept open_kept(struct co_task *self)
{
    struct error error = {.kind = ERROR_NONE};
    struct kept kept = {.folder = NULL};

    cr_assert_eq(folder_open(self, "out", &error, &kept.folder), 0, "%s", error.message);
    cr_assert_eq(cache_open(self, "cache", kept.folder, &error, &kept.cache), 0, "%s", error.message);
    return kept;
}

static void close_kept(struct co_task *self, struct kept *kept)
{
    struct error error = {.kind = ERROR_NONE};

    cr_assert_eq(cache_close(self, kept->cache, &error), 0, "%s", error.message);
    folder_close(kept->folder);
}

static void keep(struct co_task *self, const char *name, const char *etag, const char *last_modified)
{
    struct kept kept = open_kept(self);
    struct cache_entry entry = {.etag = etag, .last_modified = last_modified};

    cache_keep(self, kept.cache, name, URL, &entry);
    close_kept(self, &kept);
}

static int find(struct co_task *self, const char *name, const char *url)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct kept kept = open_kept(self);
    struct cache_entry entry;
    int result = cache_find(self, kept.cache, name, url, &arena, &entry);

    close_kept(self, &kept);
    return result;
}

static void make_file(struct co_task *self, const char *path, const char *content)
{
    struct kept kept = open_kept(self); /* makes the folder */

    close_kept(self, &kept);
    put_file(path, content);
}

DISK_TEST(cache, tells_the_next_run_what_the_server_said)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct cache_entry entry;
    struct kept kept;

    make_file(self, "out/file", "12345");
    keep(self, "file", "\"a\"", NULL);
    kept = open_kept(self);
    cr_assert_eq(cache_find(self, kept.cache, "file", URL, &arena, &entry), 0);
    cr_expect_str_eq(entry.etag, "\"a\"");
    cr_expect_null(entry.last_modified);
    cr_expect_eq(entry.size, 5);
    close_kept(self, &kept);
    return 0;
}

DISK_TEST(cache, knows_nothing_of_a_file_from_another_url)
{
    make_file(self, "out/file", "12345");
    keep(self, "file", "\"a\"", NULL);
    cr_expect_eq(find(self, "file", URL "?2"), -ENOENT);
    cr_expect_eq(find(self, "other", URL), -ENOENT);
    return 0;
}

DISK_TEST(cache, knows_nothing_of_a_file_that_has_been_touched_since)
{
    make_file(self, "out/file", "12345");
    keep(self, "file", "\"a\"", NULL);
    let_time_pass();
    put_file("out/file", "54321");
    cr_expect_eq(find(self, "file", URL), -ENOENT);
    keep(self, "file", "\"a\"", NULL);
    cr_expect_eq(find(self, "file", URL), 0);
    cr_assert_eq(unlink("out/file"), 0);
    cr_expect_eq(find(self, "file", URL), -ENOENT);
    cr_assert_eq(symlink("/etc/passwd", "out/file"), 0);
    cr_expect_eq(find(self, "file", URL), -ENOENT);
    return 0;
}

DISK_TEST(cache, keeps_the_last_of_what_it_was_told)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct cache_entry entry;
    struct kept kept;

    make_file(self, "out/file", "12345");
    keep(self, "file", "\"a\"", NULL);
    keep(self, "file", NULL, "yesterday");
    kept = open_kept(self);
    cr_assert_eq(cache_find(self, kept.cache, "file", URL, &arena, &entry), 0);
    cr_expect_null(entry.etag);
    cr_expect_str_eq(entry.last_modified, "yesterday");
    close_kept(self, &kept);
    return 0;
}

DISK_TEST(cache, keeps_nothing_of_a_file_that_is_not_there)
{
    keep(self, "file", "\"a\"", NULL);
    put_file("out/file", "");
    cr_expect_eq(find(self, "file", URL), -ENOENT);
    return 0;
}

DISK_TEST(cache, is_for_its_owner_alone)
{
    struct stat status;

    keep(self, "file", "\"a\"", NULL);
    cr_assert_eq(stat("cache", &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600);
    return 0;
}

static void expect_refused(struct co_task *self, const char *path, const char *why)
{
    struct error error = {.kind = ERROR_NONE};
    struct folder *folder;
    struct cache *cache = NULL;

    cr_assert_eq(folder_open(self, "out", &error, &folder), 0);
    cr_expect_lt(cache_open(self, path, folder, &error, &cache), 0);
    cr_expect_eq(error.kind, ERROR_DISK);
    cr_expect(strstr(error.message, path) && strstr(error.message, why), "%s", error.message);
    folder_close(folder);
}

DISK_TEST(cache, refuses_what_is_something_else)
{
    static const char *const commands[] = {
        "head -c 5000 /dev/urandom > random",
        "mkdir folder",
    };

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        cr_assert_eq(system(commands[i]), 0);
    expect_refused(self, "random", "not a database");
    expect_refused(self, "folder", "Is a directory");
    expect_refused(self, "none/cache", "No such file or directory");
    return 0;
}

/* scene.h - a test with a task, `self`, and an empty folder as its working directory, which goes with it. */
#pragma once

#include <haul/co/runtime.h>
#include <haul/disk/folder.h>

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DISK_TEST(suite, name)                                                                                         \
    static int run_##name(struct co_task *self, void *unused);                                                         \
    Test(suite, name)                                                                                                  \
    {                                                                                                                  \
        char folder[] = "/tmp/haul_disk_XXXXXX";                                                                       \
                                                                                                                       \
        cr_assert_not_null(mkdtemp(folder));                                                                           \
        cr_assert_eq(chdir(folder), 0);                                                                                \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
        remove_tree(folder);                                                                                           \
    }                                                                                                                  \
    static int run_##name(struct co_task *self, void *unused __attribute__((unused)))

static inline int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *position)
{
    (void)status, (void)kind, (void)position;
    return remove(path);
}

static inline void remove_tree(const char *path)
{
    cr_assert_eq(nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* Files are stamped by a clock that ticks every few milliseconds: what was made before is now older than what comes. */
static inline void let_time_pass(void)
{
    usleep(30000);
}

static inline void put_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");

    cr_assert_not_null(file);
    fputs(content, file);
    cr_assert_eq(fclose(file), 0);
}

static inline bool exists(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}

static inline void assert_file(const char *path, const char *content)
{
    char bytes[4096];
    FILE *file = fopen(path, "r");
    size_t count;

    cr_assert_not_null(file, "there is no '%s'", path);
    count = fread(bytes, 1, sizeof bytes - 1, file);
    fclose(file);
    bytes[count] = '\0';
    cr_assert_str_eq(bytes, content);
}

static inline size_t count_entries(const char *path)
{
    DIR *entries = opendir(path);
    size_t count = 0;

    cr_assert_not_null(entries);
    while (readdir(entries))
        count++;
    closedir(entries);
    return count - 2;
}

static inline struct folder *open_folder(struct co_task *self, const char *path)
{
    struct folder *folder = NULL;
    struct error error = {.kind = ERROR_NONE};

    cr_assert_eq(folder_open(self, path, &error, &folder), 0, "%s", error.message);
    return folder;
}

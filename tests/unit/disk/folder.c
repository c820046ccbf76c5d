#include "../../../src/disk/folder.h"
#include "scene.h"

#include <errno.h>

DISK_TEST(folder, is_made_with_those_above_it)
{
    struct folder *folder = open_folder(self, "a/b//c/");

    cr_assert(exists("a/b/c"));
    folder_close(folder);
    folder_close(open_folder(self, "a/b/c"));
    return 0;
}

DISK_TEST(folder, may_be_a_link_when_the_user_says_so)
{
    cr_assert_eq(mkdir("real", 0777), 0);
    cr_assert_eq(symlink("real", "link"), 0);
    folder_close(open_folder(self, "link"));
    folder_close(open_folder(self, "link/below"));
    cr_assert(exists("real/below"));
    return 0;
}

static void assert_refused(struct co_task *self, const char *path, int code, const char *message)
{
    struct error error = {.kind = ERROR_NONE};
    struct folder *folder = NULL;

    cr_assert_eq(folder_open(self, path, &error, &folder), -code);
    cr_assert_null(folder);
    cr_assert_eq(error.kind, ERROR_DISK);
    cr_assert_eq(error.code, code);
    cr_assert_str_eq(error.message, message);
}

DISK_TEST(folder, is_refused_by_name_when_it_cannot_be)
{
    put_file("file", "");
    assert_refused(self, "file", ENOTDIR, "cannot open folder 'file': Not a directory");
    assert_refused(self, "file/a", ENOTDIR, "cannot make folder 'file/a': Not a directory");
    assert_refused(self, "", ENOENT, "cannot make folder '': No such file or directory");
    return 0;
}

DISK_TEST(folder, knows_the_names_it_held)
{
    struct folder *folder;

    put_file("old", "");
    cr_assert_eq(mkdir("below", 0777), 0);
    folder = open_folder(self, ".");
    put_file("new", "");
    cr_assert(folder_may_have_held(folder, "old"));
    cr_assert_not(folder_may_have_held(folder, "new"));
    cr_assert(folder_may_have_held(folder, "below/anything"));
    cr_assert_not(folder_may_have_held(folder, "beyond/anything"));
    folder_close(folder);
    return 0;
}

DISK_TEST(folder, cannot_rule_out_any_name_when_it_held_too_many)
{
    char memory[] = "/dev/shm/haul_disk_XXXXXX"; /* elsewhere so many files take seconds */
    struct folder *folder;

    cr_assert_not_null(mkdtemp(memory));
    cr_assert_eq(chdir(memory), 0);
    for (int i = 0; i < FOLDER_NAMES_MAXIMUM; i++) {
        char name[16];

        snprintf(name, sizeof name, "%d", i);
        cr_assert_eq(mknod(name, S_IFREG | 0600, 0), 0);
    }
    folder = open_folder(self, memory);
    cr_assert(folder_may_have_held(folder, "new"));
    folder_close(folder);
    remove_tree(memory);
    return 0;
}

DISK_TEST(folder, tells_files_of_this_run_from_older_ones)
{
    struct folder *folder;
    struct stat old, new;

    put_file("old", "");
    let_time_pass();
    folder = open_folder(self, ".");
    put_file("new", "");
    cr_assert_eq(stat("old", &old), 0);
    cr_assert_eq(stat("new", &new), 0);
    cr_assert_not(folder_is_of_this_run(folder, &old));
    cr_assert(folder_is_of_this_run(folder, &new));
    folder_close(folder);
    return 0;
}

DISK_TEST(folder, knows_what_it_has_published_from_what_another_has)
{
    struct folder *folder;

    put_file("old", "");
    folder = open_folder(self, ".");
    cr_assert(folder_has_anothers(folder, "old"));
    cr_assert(folder_has_anothers(folder, "below/new"));
    folder_note_published(folder, "old");
    folder_note_published(folder, "below/new");
    cr_assert_not(folder_has_anothers(folder, "old"));
    cr_assert_not(folder_may_have_held(folder, "old"));
    cr_assert_not(folder_has_anothers(folder, "below/new"));
    cr_assert(folder_has_anothers(folder, "new"));
    folder_close(folder);
    return 0;
}

DISK_TEST(folder, takes_what_it_cannot_remember_for_its_own)
{
    struct folder *folder;

    put_file("old", "");
    folder = open_folder(self, ".");
    for (int i = 0; i < FOLDER_NAMES_MAXIMUM; i++) {
        char name[16];

        snprintf(name, sizeof name, "%d", i);
        folder_note_published(folder, name);
    }
    cr_assert_not(folder_has_anothers(folder, "new"));
    cr_assert(folder_has_anothers(folder, "old"));
    folder_close(folder);
    return 0;
}

DISK_TEST(folder, counts_for_each_name_that_several_want)
{
    struct folder *folder = open_folder(self, ".");

    cr_assert_not(folder_is_contested(folder, "a"));
    cr_assert_eq(folder_next_number(folder, "a", 0), 1);
    cr_assert_eq(folder_next_number(folder, "a", 0), 2);
    cr_assert_eq(folder_next_number(folder, "b", 0), 1);
    cr_assert_eq(folder_next_number(folder, "a", 2), 3);
    cr_assert_eq(folder_next_number(folder, "a", 5), 6);
    cr_assert(folder_is_contested(folder, "a"));
    cr_assert_not(folder_is_contested(folder, "c"));
    folder_close(folder);
    return 0;
}

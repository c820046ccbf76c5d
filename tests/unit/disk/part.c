#include "../../../src/disk/part.h"
#include "../../../src/disk/write.h"
#include "scene.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/syscall.h>

/* What renameat2 shall fail with; 0: it does its work. */
static int rename_error;

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    if (rename_error == 0)
        return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    errno = rename_error;
    return -1;
}

/* The same of linkat. */
static int link_error;

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    if (link_error == 0)
        return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    errno = link_error;
    return -1;
}

DISK_TEST(part, gets_the_final_name_once_and_is_gone)
{
    struct folder *folder = open_folder(self, ".");
    struct part part;

    cr_assert_eq(part_open(&part, folder, "a"), 0);
    cr_assert_eq(write_file(part.fd, SLICE("bytes")), 0);
    assert_file("a.part", "bytes");
    cr_assert_not(exists("a"));
    cr_assert_eq(part_publish(&part, folder, "a", false), 0);
    assert_file("a", "bytes");
    cr_assert_not(exists("a.part"));
    cr_assert_eq(part.fd, -1);
    part_remove(&part);
    cr_assert(exists("a"));
    folder_close(folder);
    return 0;
}

/* Where there can be none, that is all that can be shown. */
static bool open_unnamed(struct part *part, const struct folder *folder, const char *name)
{
    int result = part_open_unnamed(part, folder, name);

    cr_assert_eq(result, folder->names_late ? 0 : -ENOTSUP);
    return result == 0;
}

DISK_TEST(part, that_needs_no_name_gets_only_the_final_one)
{
    struct folder *folder = open_folder(self, ".");
    struct part part;

    if (open_unnamed(&part, folder, "a")) {
        cr_assert_eq(write_file(part.fd, SLICE("bytes")), 0);
        cr_assert_eq(count_entries("."), 0);
        cr_assert_eq(part_publish(&part, folder, "a", false), 0);
        assert_file("a", "bytes");
        cr_assert_eq(count_entries("."), 1);
        cr_assert_eq(part_open_unnamed(&part, folder, "a"), 0);
        cr_assert_eq(part_publish(&part, folder, "a", false), -EBUSY);
        cr_assert_eq(part_publish(&part, folder, "b", false), 0);
        cr_assert_eq(part_open_unnamed(&part, folder, "c"), 0);
        part_remove(&part);
        cr_assert_eq(count_entries("."), 2);
    }
    folder_close(folder);
    return 0;
}

DISK_TEST(part, takes_a_name_after_all_to_replace_a_file)
{
    struct folder *folder;
    struct part part;

    put_file("a", "old");
    let_time_pass();
    folder = open_folder(self, ".");
    if (open_unnamed(&part, folder, "b")) {
        put_file("c.part", "another's");
        cr_assert_eq(write_file(part.fd, SLICE("new")), 0);
        cr_assert_eq(part_take_name(&part, folder, "c"), -EWOULDBLOCK);
        cr_assert_eq(part_take_name(&part, folder, "a"), 0);
        assert_file("a.part", "new");
        cr_assert_not(part_is_same(&part, folder, "a"));
        cr_assert_eq(part_publish(&part, folder, "a", true), 0);
        assert_file("a", "new");
        cr_assert_eq(count_entries("."), 2);
    }
    folder_close(folder);
    return 0;
}

DISK_TEST(part, has_a_name_where_one_was_left)
{
    struct folder *folder;
    struct part part;

    put_file("a.part", "left");
    folder = open_folder(self, ".");
    cr_assert_eq(part_open_unnamed(&part, folder, "a"), -ENOTSUP);
    cr_assert_eq(count_entries("."), 1);
    folder_close(folder);
    return 0;
}

/* Linux before 6.10 lets only root link what has no name. */
DISK_TEST(part, has_a_name_where_none_can_be_got_later)
{
    struct folder *folder;
    struct part part;

    link_error = ENOENT;
    folder = open_folder(self, ".");
    cr_assert_eq(part_open_unnamed(&part, folder, "a"), -ENOTSUP);
    folder_close(folder);
    return 0;
}

DISK_TEST(part, that_needs_no_name_has_the_mode_of_any_file)
{
    struct folder *folder = open_folder(self, ".");
    struct part part;
    struct stat status;

    umask(027);
    if (open_unnamed(&part, folder, "a")) {
        cr_assert_eq(fstat(part.fd, &status), 0);
        cr_assert_eq(status.st_mode, S_IFREG | 0640);
        part_remove(&part);
    }
    folder_close(folder);
    return 0;
}

DISK_TEST(part, has_a_name_where_no_umask_is_seen_to_be_heeded)
{
    struct folder *folder;
    struct part part;

    umask(0);
    folder = open_folder(self, ".");
    cr_assert_eq(part_open_unnamed(&part, folder, "a"), -ENOTSUP);
    folder_close(folder);
    return 0;
}

DISK_TEST(part, is_published_where_renaming_cannot_refuse_to_replace)
{
    struct folder *folder = open_folder(self, ".");
    struct part part;

    rename_error = EINVAL;
    cr_assert_eq(part_open(&part, folder, "a"), 0);
    cr_assert_eq(part_publish(&part, folder, "a", false), 0);
    cr_assert(exists("a"));
    cr_assert_eq(part_open(&part, folder, "a"), 0);
    cr_assert_eq(part_publish(&part, folder, "a", false), -EBUSY);
    cr_assert(exists("a.part"));
    part_remove(&part);
    cr_assert_not(exists("a.part"));
    folder_close(folder);
    return 0;
}

DISK_TEST(part, gives_the_error_of_a_rename_that_fails)
{
    struct folder *folder = open_folder(self, ".");
    struct part part;

    rename_error = EIO;
    cr_assert_eq(part_open(&part, folder, "a"), 0);
    cr_assert_eq(part_publish(&part, folder, "a", false), -EIO);
    part_remove(&part);
    cr_assert_eq(count_entries("."), 0);
    folder_close(folder);
    return 0;
}

DISK_TEST(part, flushes_where_failures_are_told_late)
{
    struct folder *folder = open_folder(self, ".");
    struct part part;

    folder->tells_late = true;
    cr_assert_eq(part_open(&part, folder, "a"), 0);
    cr_assert_eq(part_publish(&part, folder, "a", false), 0);
    cr_assert(exists("a"));
    folder_close(folder);
    return 0;
}

DISK_TEST(part, makes_the_folders_of_its_name)
{
    struct folder *folder = open_folder(self, "out");
    struct part part;

    cr_assert_eq(part_open(&part, folder, "x/y/a"), 0);
    cr_assert(exists("out/x/y/a.part"));
    cr_assert_eq(part_publish(&part, folder, "x/y/a", false), 0);
    cr_assert_eq(part_open(&part, folder, "x/b"), 0);
    cr_assert_eq(part_publish(&part, folder, "z/b", false), 0, "another name than it began with");
    cr_assert(exists("out/x/y/a"));
    cr_assert(exists("out/z/b"));
    cr_assert_eq(count_entries("out/x"), 1);
    folder_close(folder);
    return 0;
}

static void assert_not_made(const struct folder *folder, const char *name, int code)
{
    struct part part;

    cr_assert_eq(part_open(&part, folder, name), -code);
    cr_assert_eq(part.fd, -1);
    part_remove(&part);
}

DISK_TEST(part, replaces_what_a_killed_run_left)
{
    struct folder *folder;
    struct part part;
    int old;

    put_file("a.part", "left behind");
    old = open("a.part", O_RDONLY);
    cr_assert_geq(old, 0);
    let_time_pass();
    folder = open_folder(self, ".");
    cr_assert_eq(part_open(&part, folder, "a"), 0);
    cr_assert_eq(write_file(part.fd, SLICE("new")), 0);
    assert_file("a.part", "new");
    cr_assert_eq(lseek(old, 0, SEEK_END), 11, "whoever has the old one open does not see the new one");
    close(old);
    part_remove(&part);
    folder_close(folder);
    return 0;
}

DISK_TEST(part, of_a_living_run_is_left_alone)
{
    struct folder *folder;
    int other;

    put_file("a.part", "theirs");
    other = open("a.part", O_RDWR);
    cr_assert_eq(flock(other, LOCK_EX), 0);
    let_time_pass();
    folder = open_folder(self, ".");
    assert_not_made(folder, "a", EWOULDBLOCK);
    assert_file("a.part", "theirs");
    close(other);
    folder_close(folder);
    return 0;
}

DISK_TEST(part, is_locked_as_long_as_it_is_written)
{
    struct folder *folder = open_folder(self, ".");
    struct part part;
    int other;

    cr_assert_eq(part_open(&part, folder, "a"), 0);
    other = open("a.part", O_RDWR);
    cr_assert_eq(flock(other, LOCK_EX | LOCK_NB), -1);
    assert_not_made(folder, "a", EWOULDBLOCK);
    cr_assert_eq(part_publish(&part, folder, "a", false), 0);
    cr_assert_eq(flock(other, LOCK_EX | LOCK_NB), 0);
    close(other);
    folder_close(folder);
    return 0;
}

DISK_TEST(part, is_not_taken_from_someone_who_has_just_made_it)
{
    struct folder *folder = open_folder(self, ".");

    put_file("a.part", "theirs");
    assert_not_made(folder, "a", EWOULDBLOCK);
    assert_file("a.part", "theirs");
    folder_close(folder);
    return 0;
}

DISK_TEST(part, that_was_removed_neither_publishes_nor_removes_what_is_there_instead)
{
    struct folder *folder = open_folder(self, ".");
    struct part part;

    cr_assert_eq(part_open(&part, folder, "a"), 0);
    cr_assert_eq(unlink("a.part"), 0);
    put_file("a.part", "foreign");
    cr_assert_eq(part_publish(&part, folder, "a", false), -ENOENT);
    cr_assert_not(exists("a"));
    part_remove(&part);
    assert_file("a.part", "foreign");
    folder_close(folder);
    return 0;
}

DISK_TEST(part, never_follows_a_link)
{
    struct folder *folder;

    put_file("precious", "precious");
    cr_assert_eq(mkdir("outside", 0777), 0);
    cr_assert_eq(mkdir("out", 0777), 0);
    cr_assert_eq(symlink("../precious", "out/a.part"), 0);
    cr_assert_eq(symlink("../dangling", "out/b.part"), 0);
    cr_assert_eq(symlink("../outside", "out/c"), 0);
    cr_assert_eq(symlink("../missing", "out/d"), 0);
    let_time_pass();
    folder = open_folder(self, "out");
    assert_not_made(folder, "a", ELOOP);
    assert_not_made(folder, "b", ELOOP);
    assert_not_made(folder, "c/file", ENOTDIR);
    assert_not_made(folder, "d/file", ENOTDIR);
    assert_file("precious", "precious");
    cr_assert_not(exists("dangling"));
    cr_assert_not(exists("missing"));
    cr_assert_eq(count_entries("outside"), 0);
    folder_close(folder);
    return 0;
}

DISK_TEST(part, does_not_replace_what_is_no_file)
{
    struct folder *folder;

    cr_assert_eq(mkdir("a.part", 0777), 0);
    cr_assert_eq(mkfifo("b.part", 0666), 0);
    put_file("c", "");
    let_time_pass();
    folder = open_folder(self, ".");
    assert_not_made(folder, "a", EISDIR);
    assert_not_made(folder, "b", ENXIO);
    assert_not_made(folder, "c/file", ENOTDIR);
    cr_assert_eq(count_entries("."), 3);
    folder_close(folder);
    return 0;
}

DISK_TEST(part, needs_room_behind_its_name)
{
    struct folder *folder = open_folder(self, ".");
    char name[300];
    struct part part;

    memset(name, 'n', sizeof name);
    name[251] = '\0';
    assert_not_made(folder, name, ENAMETOOLONG);
    name[250] = '\0';
    cr_assert_eq(part_open(&part, folder, name), 0);
    part_remove(&part);
    memset(name, 'n', sizeof name);
    memcpy(name + 256, "/a", 3);
    assert_not_made(folder, name, ENAMETOOLONG);
    folder_close(folder);
    return 0;
}

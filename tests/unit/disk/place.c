#include "../../../src/disk/place.h"
#include "scene.h"

#include <errno.h>
#include <sys/syscall.h>

DISK_TEST(place, tells_who_has_a_name)
{
    struct folder *folder;

    cr_assert_eq(mkdir("below", 0777), 0);
    put_file("below/old", "");
    cr_assert_eq(symlink("nowhere", "link"), 0);
    let_time_pass();
    folder = open_folder(self, ".");
    put_file("below/new", "");
    cr_assert_eq(place_look(folder, "below/old"), -EEXIST);
    cr_assert_eq(place_look(folder, "below/new"), -EBUSY);
    cr_assert_eq(place_look(folder, "below/none"), 0);
    cr_assert_eq(place_look(folder, "none/none"), 0);
    cr_assert_eq(place_look(folder, "below"), -EBUSY, "a file in it has just been made");
    cr_assert_eq(place_look(folder, "link"), -EEXIST);
    cr_assert_eq(place_look(folder, "below/old/x"), -ENOTDIR);
    cr_assert_not(exists("none"));
    folder_close(folder);
    return 0;
}

DISK_TEST(place, is_reached_and_read_without_following_links)
{
    struct folder *folder;
    struct stat status;
    int fd;

    cr_assert_eq(mkdir("out", 0777), 0);
    cr_assert_eq(mkdir("outside", 0777), 0);
    put_file("out/a", "bytes");
    put_file("outside/b", "secret");
    cr_assert_eq(symlink("../outside", "out/way"), 0);
    cr_assert_eq(symlink("../outside/b", "out/b"), 0);
    folder = open_folder(self, "out");
    cr_assert_eq(place_status(folder, "a", &status), 0);
    cr_assert_eq(status.st_size, 5);
    fd = place_open_file(folder, "a");
    cr_assert_geq(fd, 0);
    close(fd);
    cr_assert_eq(place_status(folder, "b", &status), 0);
    cr_assert(S_ISLNK(status.st_mode));
    cr_assert_eq(place_open_file(folder, "b"), -ELOOP);
    cr_assert_eq(place_status(folder, "way/b", &status), -ENOTDIR);
    cr_assert_eq(place_open_file(folder, "way/b"), -ENOTDIR);
    cr_assert_eq(place_open_file(folder, "none"), -ENOENT);
    folder_close(folder);
    return 0;
}

static unsigned syncs;

int fsync(int fd)
{
    syncs++;
    return (int)syscall(SYS_fsync, fd);
}

DISK_TEST(place, is_synced_with_each_folder_on_its_way)
{
    struct folder *folder;

    cr_assert_eq(mkdir("x", 0777), 0);
    cr_assert_eq(mkdir("x/y", 0777), 0);
    put_file("x/y/a", "");
    folder = open_folder(self, ".");
    cr_assert_eq(place_sync(folder, "x/y/a"), 0);
    cr_assert_eq(syncs, 3, "'.', 'x' and 'y'");
    folder_close(folder);
    return 0;
}

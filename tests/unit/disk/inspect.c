#include "scene.h"

#include <haul/disk/inspect.h>

#include <errno.h>

#define MD5_OF_FOUR "8cbad96aced40b3838dd9f07f6ef5772"

static const struct inspect_wish anything = {.size = -1};

DISK_TEST(inspect, tells_the_size_of_what_is_there_and_whether_it_is_a_file)
{
    struct folder *folder;
    int64_t size = -1;

    put_file("file", "four");
    cr_assert_eq(mkdir("folder", 0777), 0);
    cr_assert_eq(symlink("file", "link"), 0);
    folder = open_folder(self, ".");
    cr_expect_eq(inspect_file(self, folder, "missing", &anything, &size), -ENOENT);
    cr_expect_eq(inspect_file(self, folder, "folder", &anything, &size), -EEXIST);
    cr_expect_eq(inspect_file(self, folder, "link", &anything, &size), -EEXIST);
    cr_expect_eq(size, -1);
    cr_expect_eq(inspect_file(self, folder, "file", &anything, &size), 0);
    cr_expect_eq(size, 4);
    folder_close(folder);
    return 0;
}

DISK_TEST(inspect, compares_size_and_digest)
{
    struct inspect_wish size_wish = {.size = 5};
    struct inspect_wish digest_wish = {.size = 4, .algorithm = "md5", .hex = MD5_OF_FOUR};
    struct inspect_wish no_digest = {.size = 4, .algorithm = "none", .hex = MD5_OF_FOUR};
    struct folder *folder;
    int64_t size;

    put_file("file", "four");
    put_file("other", "five");
    folder = open_folder(self, ".");
    cr_expect_eq(inspect_file(self, folder, "file", &size_wish, &size), -EBADMSG);
    cr_expect_eq(inspect_file(self, folder, "file", &digest_wish, &size), 0);
    cr_expect_eq(inspect_file(self, folder, "other", &digest_wish, &size), -EBADMSG);
    cr_expect_eq(inspect_file(self, folder, "file", &no_digest, &size), -EBADMSG);
    folder_close(folder);
    return 0;
}

DISK_TEST(inspect, paths_that_the_folder_gave_lead_back_to_names)
{
    CLEANUP(arena_release) struct arena arena = {0};
    static const char *const folders[] = {".", "out", "out/", "a/b", "/tmp"};

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        struct folder *folder = open_folder(self, folders[i]);
        const char *path = folder_path_of(folder, "x/y", &arena);

        cr_expect_str_eq(folder_name_of(folder, path), "x/y", "%s", folders[i]);
        if (i > 0)
            cr_expect_null(folder_name_of(folder, "outside/x"), "%s", folders[i]);
        folder_close(folder);
    }
    return 0;
}

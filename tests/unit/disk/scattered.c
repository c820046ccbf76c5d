#include "scene.h"

#include <haul/disk/output.h>

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

static const struct slice nothing = {.length = 0};
static const struct output_options digesting = {.digest = "md5"};
static const struct output_version version = {.url = "http://a/b", .validator = "\"tag\"", .size = 7, .missing = "0-3"};

static struct output *open_scattered(struct co_task *self, struct folder *folder, int64_t there,
                                     const struct output_version *noted)
{
    struct output *output = NULL;

    cr_assert_eq(output_open(self, folder, "a", &digesting, NULL, &output), 0);
    cr_assert_eq(output_scatter(self, output, there, noted, NULL), 0);
    return output;
}

DISK_TEST(scattered, bytes_of_any_order_make_the_file_and_its_digest)
{
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_scattered(self, folder, 0, NULL);

    output_expect(output, "sha1", "a9993e364706816aba3e25717850c26c9cd0d89d");
    cr_assert_eq(output_write_at(self, output, 1, SLICE("bc"), NULL, NULL), 0);
    cr_assert_eq(output_write_at(self, output, 0, SLICE("a"), NULL, NULL), 0);
    cr_assert_eq(output_size(output), 3);
    cr_assert_eq(output_publish(self, output, nothing, NULL), 0);
    assert_file("a", "abc");
    cr_assert_str_eq(output_digest(output), "900150983cd24fb0d6963f7d28e17f72");
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(scattered, bytes_that_make_another_digest_are_not_published)
{
    struct error error = {.kind = ERROR_NONE};
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_scattered(self, folder, 0, NULL);

    output_expect(output, "md5", "900150983cd24fb0d6963f7d28e17f72");
    cr_assert_eq(output_write_at(self, output, 0, SLICE("abd"), NULL, NULL), 0);
    cr_assert_eq(output_publish(self, output, nothing, &error), -EBADMSG);
    output_close(self, output);
    cr_assert_eq(count_entries("."), 0);
    folder_close(folder);
    return 0;
}

DISK_TEST(scattered, bytes_of_before_count_for_the_digest_too)
{
    struct folder *folder = open_folder(self, ".");
    struct output *output = NULL;

    cr_assert_eq(output_open(self, folder, "a", &digesting, NULL, &output), 0);
    cr_assert_eq(output_write(self, output, SLICE("a"), NULL), 0);
    cr_assert_eq(output_scatter(self, output, 1, NULL, NULL), 0);
    cr_assert_eq(output_write_at(self, output, 2, SLICE("c"), NULL, NULL), 0);
    cr_assert_eq(output_write_at(self, output, 1, SLICE("b"), NULL, NULL), 0);
    cr_assert_eq(output_publish(self, output, nothing, NULL), 0);
    cr_assert_str_eq(output_digest(output), "900150983cd24fb0d6963f7d28e17f72");
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(scattered, bytes_that_begin_anew_are_digested_as_they_come)
{
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_scattered(self, folder, 0, NULL);

    cr_assert_eq(output_write_at(self, output, 5, SLICE("old"), NULL, NULL), 0);
    cr_assert_eq(output_restart(self, output, NULL), 0);
    cr_assert_eq(output_publish(self, output, SLICE("abc"), NULL), 0);
    assert_file("a", "abc");
    cr_assert_str_eq(output_digest(output), "900150983cd24fb0d6963f7d28e17f72");
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(scattered, a_later_run_is_told_what_is_missing_and_the_file_is_not)
{
    CLEANUP(arena_release) struct arena arena = {0};
    struct output_version found;
    struct output *output;
    struct folder *folder = open_folder(self, ".");

    output = open_scattered(self, folder, 0, &version);
    cr_assert_eq(output_write_at(self, output, 4, SLICE("efg"), &version, NULL), 0);
    output_leave(self, output);
    folder_close(folder);
    let_time_pass();
    folder = open_folder(self, ".");
    cr_assert_eq(output_open(self, folder, "a", &digesting, NULL, &output), 0);
    cr_assert_eq(output_take_up(self, output, "http://a/b", &arena, &found), 7);
    cr_assert_str_eq(found.missing, "0-3");
    cr_assert_str_eq(found.validator, "\"tag\"");
    cr_assert_eq(found.size, 7);
    cr_assert_eq(output_scatter(self, output, 3, NULL, NULL), 0);
    cr_assert_eq(output_write_at(self, output, 0, SLICE("abcd"), NULL, NULL), 0);
    cr_assert_eq(output_publish(self, output, nothing, NULL), 0);
    assert_file("a", "abcdefg");
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(scattered, a_write_that_fails_is_told_and_breaks_the_file)
{
    struct rlimit small = {10, RLIM_INFINITY};
    struct error error = {.kind = ERROR_NONE};
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_scattered(self, folder, 0, NULL);

    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    cr_assert_lt(output_write_at(self, output, 8, SLICE("abc"), NULL, &error), 0);
    cr_assert_eq(error.code, EFBIG);
    cr_assert_lt(output_write_at(self, output, 0, SLICE("abc"), NULL, &error), 0);
    cr_assert_lt(output_publish(self, output, nothing, &error), 0);
    output_close(self, output);
    cr_assert_eq(count_entries("."), 0);
    folder_close(folder);
    return 0;
}

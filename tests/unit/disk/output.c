#include "scene.h"

#include <haul/co/group.h>
#include <haul/co/timer.h>
#include <haul/disk/output.h>

#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>

#define PIECE_SIZE (256 * 1024)

static char piece_bytes[PIECE_SIZE];
static const struct slice piece = {piece_bytes, PIECE_SIZE}, nothing = {.length = 0};
static const struct output_options plain = {.digest = NULL};

static struct output *open_output(struct co_task *self, struct folder *folder, const char *name)
{
    struct error error = {.kind = ERROR_NONE};
    struct output *output = NULL;

    cr_assert_eq(output_open(self, folder, name, &plain, &error, &output), 0, "%s", error.message);
    return output;
}

static void publish(struct co_task *self, struct folder *folder, const char *name, struct slice bytes)
{
    struct output *output = open_output(self, folder, name);

    cr_assert_eq(output_publish(self, output, bytes, NULL), 0);
    output_close(self, output);
}

static void assert_refused(struct co_task *self, struct folder *folder, const char *name, int result)
{
    struct output *output = NULL;

    cr_assert_eq(output_open(self, folder, name, &plain, NULL, &output), result);
    cr_assert_null(output);
}

DISK_TEST(output, shows_nothing_under_its_name_before_it_is_published)
{
    struct folder *folder = open_folder(self, "out");
    struct output *output = open_output(self, folder, "a.iso");

    cr_assert_eq(count_entries("out"), 0, "opening makes no file");
    cr_assert_eq(output_write(self, output, SLICE("one "), NULL), 0);
    cr_assert_not(exists("out/a.iso"));
    assert_file("out/a.iso.part", "one ");
    cr_assert_not(output_is_published(output));
    cr_assert_eq(output_publish(self, output, SLICE("two"), NULL), 0);
    assert_file("out/a.iso", "one two");
    cr_assert_eq(count_entries("out"), 1);
    cr_assert(output_is_published(output));
    cr_assert_eq(output_size(output), 7);
    cr_assert_str_eq(output_path(output), "out/a.iso");
    output_close(self, output);
    assert_file("out/a.iso", "one two");
    folder_close(folder);
    return 0;
}

DISK_TEST(output, leaves_nothing_behind_when_not_published)
{
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_output(self, folder, "a");

    output_close(self, output);
    output = open_output(self, folder, "a");
    cr_assert_eq(output_write(self, output, piece, NULL), 0);
    cr_assert_eq(output_write(self, output, piece, NULL), 0);
    output_close(self, output);
    output_close(self, NULL);
    cr_assert_eq(count_entries("."), 0);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, replaces_at_once_what_was_there_and_never_what_this_run_made)
{
    static const struct output_options replacing = {.replace = true};
    struct output *output = NULL;
    struct folder *folder;

    put_file("a", "old");
    let_time_pass();
    folder = open_folder(self, ".");
    cr_assert_eq(output_open(self, folder, "a", &replacing, NULL, &output), 0);
    cr_assert_eq(output_write(self, output, SLICE("new"), NULL), 0);
    assert_file("a", "old");
    cr_assert_eq(output_publish(self, output, nothing, NULL), 0);
    assert_file("a", "new");
    output_close(self, output);

    cr_assert_eq(output_open(self, folder, "a", &replacing, NULL, &output), 0, "not remembered any more");
    cr_assert_eq(output_publish(self, output, SLICE("newer"), NULL), -EBUSY);
    output_close(self, output);
    assert_file("a", "new");
    folder_close(folder);
    return 0;
}

DISK_TEST(output, says_who_is_in_the_way_of_replacing_under_another_name)
{
    static const struct output_options replacing = {.replace = true};
    struct error error = {.kind = ERROR_NONE};
    struct output *output = NULL;
    struct folder *folder;

    put_file("b", "old");
    let_time_pass();
    folder = open_folder(self, ".");
    publish(self, folder, "a", SLICE("this run's"));
    put_file("b.part", "");
    cr_assert_eq(flock(open("b.part", O_RDONLY), LOCK_EX), 0);
    cr_assert_eq(output_open(self, folder, "a", &replacing, NULL, &output), 0);
    cr_assert_eq(output_publish(self, output, SLICE("new"), NULL), -EBUSY);
    cr_assert_eq(output_rename(self, output, "b", NULL), 0);
    if (!exists("a.part")) { /* that the part file would be else */
        cr_assert_eq(output_publish(self, output, nothing, &error), -EWOULDBLOCK);
        cr_assert_str_eq(error.message, "another run is writing 'b.part'");
        assert_file("b", "old");
    }
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, begins_anew_with_nothing_of_the_old_in_file_or_digest)
{
    static const struct output_options digesting = {.digest = "md5"};
    struct folder *folder = open_folder(self, ".");
    struct output *output = NULL;

    cr_assert_eq(output_open(self, folder, "a", &digesting, NULL, &output), 0);
    cr_assert_eq(output_restart(self, output, NULL), 0, "nothing is there yet");
    cr_assert_not(output_may_go_on(output));
    cr_assert_eq(output_write(self, output, SLICE("something longer"), NULL), 0);
    cr_assert(output_may_go_on(output));
    cr_assert_eq(output_restart(self, output, NULL), 0);
    cr_assert_eq(output_size(output), 0);
    cr_assert_eq(output_write(self, output, SLICE("a"), NULL), 0);
    cr_assert_eq(output_publish(self, output, SLICE("bc"), NULL), 0);
    cr_assert_not(output_may_go_on(output));
    assert_file("a", "abc");
    cr_assert_str_eq(output_digest(output), "900150983cd24fb0d6963f7d28e17f72");
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, may_be_empty)
{
    struct folder *folder = open_folder(self, ".");

    publish(self, folder, "a", nothing);
    assert_file("a", "");
    folder_close(folder);
    return 0;
}

DISK_TEST(output, has_a_path_as_a_user_would_write_it)
{
    static const char *const cases[][2] = {{".", "a"}, {"out", "out/a"}, {"out/", "out/a"}, {"./out", "./out/a"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct folder *folder = open_folder(self, cases[i][0]);
        struct output *output = open_output(self, folder, "a");

        cr_assert_str_eq(output_path(output), cases[i][1]);
        output_close(self, output);
        folder_close(folder);
    }
    return 0;
}

DISK_TEST(output, never_replaces_what_was_there)
{
    struct folder *folder;

    put_file("file", "precious");
    cr_assert_eq(mkdir("folder", 0777), 0);
    cr_assert_eq(symlink("missing", "link"), 0);
    folder = open_folder(self, ".");
    assert_refused(self, folder, "file", -EEXIST);
    assert_refused(self, folder, "file", -EEXIST);
    assert_refused(self, folder, "folder", -EEXIST);
    assert_refused(self, folder, "link", -EEXIST);
    assert_file("file", "precious");
    cr_assert_not(exists("missing"));
    folder_close(folder);
    return 0;
}

DISK_TEST(output, that_may_replace_does_so_with_what_came_meanwhile)
{
    static const struct output_options replacing = {.replace = true};
    struct folder *folder = open_folder(self, ".");
    struct output *output = NULL;

    for (int written = 0; written < 2; written++) {
        const char *name = written ? "a" : "b";

        cr_assert_eq(output_open(self, folder, name, &replacing, NULL, &output), 0);
        if (written)
            cr_assert_eq(output_write(self, output, SLICE("the "), NULL), 0);
        put_file(name, "another's");
        cr_assert_eq(output_publish(self, output, SLICE("end"), NULL), 0);
        output_close(self, output);
    }
    assert_file("a", "the end");
    assert_file("b", "end");
    cr_assert_eq(count_entries("."), 2);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, never_replaces_what_was_there_in_a_folder_below)
{
    struct folder *folder;

    cr_assert_eq(mkdir("below", 0777), 0);
    put_file("below/file", "precious");
    let_time_pass();
    folder = open_folder(self, ".");
    assert_refused(self, folder, "below/file", -EEXIST);
    publish(self, folder, "below/other", SLICE("x"));
    assert_refused(self, folder, "below/other", -EBUSY);
    assert_file("below/file", "precious");
    folder_close(folder);
    return 0;
}

static void assert_second_name_helps(struct co_task *self, struct folder *folder, struct output *output, int taken)
{
    cr_assert_eq(output_publish(self, output, SLICE("end"), NULL), taken);
    cr_assert_not(output_is_published(output));
    cr_assert_eq(output_rename(self, output, "a.1", NULL), 0);
    cr_assert_eq(output_publish(self, output, nothing, NULL), 0);
    cr_assert(output_is_published(output));
    cr_assert(exists("a.1"));
    cr_assert_not(exists("a.part"));
    output_close(self, output);
    folder_close(folder);
}

DISK_TEST(output, never_replaces_what_came_meanwhile)
{
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_output(self, folder, "a");

    put_file("a", "precious");
    assert_second_name_helps(self, folder, output, -EEXIST);
    assert_file("a", "precious");
    assert_file("a.1", "end");
    return 0;
}

DISK_TEST(output, never_follows_a_link_that_came_meanwhile)
{
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_output(self, folder, "a");

    cr_assert_eq(output_write(self, output, SLICE("the "), NULL), 0);
    cr_assert_eq(symlink("missing", "a"), 0);
    assert_second_name_helps(self, folder, output, -EEXIST);
    cr_assert_not(exists("missing"));
    assert_file("a.1", "the end");
    return 0;
}

DISK_TEST(output, of_a_name_that_this_run_has_published_needs_another)
{
    struct folder *folder = open_folder(self, ".");

    publish(self, folder, "a", SLICE("first"));
    assert_second_name_helps(self, folder, open_output(self, folder, "a"), -EBUSY);
    assert_file("a", "first");
    assert_file("a.1", "end");
    return 0;
}

DISK_TEST(output, has_its_name_alone_until_it_is_closed)
{
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_output(self, folder, "a"), *other = open_output(self, folder, "b");

    assert_refused(self, folder, "a", -EBUSY);
    cr_assert_eq(output_rename(self, other, "a", NULL), -EBUSY);
    cr_assert_str_eq(output_path(other), "b");
    cr_assert_eq(output_rename(self, output, "c", NULL), 0);
    cr_assert_eq(output_rename(self, output, "d", NULL), 0);
    publish(self, folder, "c", SLICE("free again"));
    assert_refused(self, folder, "a", -EBUSY);
    assert_refused(self, folder, "d", -EBUSY);
    output_close(self, output);
    publish(self, folder, "a", SLICE("x"));
    publish(self, folder, "d", SLICE("x"));
    output_close(self, other);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, stays_in_its_folder)
{
    static const char *const names[] = {"", "/", "/a", "..", "../a", "a/../../b", ".", "./a", "a/", "a//b", "a/.."};
    struct folder *folder = open_folder(self, "out");

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_refused(self, folder, names[i], -EINVAL);
    cr_assert_eq(count_entries("out"), 0);
    publish(self, folder, "...", SLICE("x"));
    publish(self, folder, "..a/.b", SLICE("x"));
    folder_close(folder);
    return 0;
}

DISK_TEST(output, makes_the_folders_of_its_name)
{
    struct folder *folder = open_folder(self, "out");
    struct output *output = open_output(self, folder, "x/y/a");

    cr_assert_eq(output_write(self, output, SLICE("one "), NULL), 0);
    cr_assert_eq(output_publish(self, output, SLICE("two"), NULL), 0);
    cr_assert_str_eq(output_path(output), "out/x/y/a");
    output_close(self, output);
    publish(self, folder, "x/y/b", SLICE("x"));
    assert_file("out/x/y/a", "one two");
    assert_file("out/x/y/b", "x");
    folder_close(folder);
    return 0;
}

static void assert_cannot_publish(struct co_task *self, struct folder *folder, const char *name, int code,
                                  const char *message)
{
    struct error error = {.kind = ERROR_NONE};
    struct output *output = open_output(self, folder, name);

    cr_assert_eq(output_publish(self, output, SLICE("x"), &error), -code);
    cr_assert_eq(error.kind, ERROR_DISK);
    cr_assert_eq(error.code, code);
    cr_assert_str_eq(error.message, message);
    cr_assert_not(output_is_published(output));
    output_close(self, output);
}

DISK_TEST(output, tells_what_is_in_its_way)
{
    struct folder *folder;

    cr_assert_eq(mkdir("out", 0777), 0);
    cr_assert_eq(mkdir("out/a.part", 0777), 0);
    put_file("out/b.part", "");
    let_time_pass();
    folder = open_folder(self, "out");
    put_file("out/c", "");
    assert_cannot_publish(self, folder, "a", EISDIR, "cannot make 'out/a.part': Is a directory");
    assert_cannot_publish(self, folder, "c/d", ENOTDIR, "cannot make 'out/c/d.part': Not a directory");
    cr_assert_eq(flock(open("out/b.part", O_RDONLY), LOCK_EX), 0);
    assert_cannot_publish(self, folder, "b", EWOULDBLOCK, "another run is writing 'out/b.part'");
    folder_close(folder);
    return 0;
}

DISK_TEST(output, needs_permission)
{
    struct folder *folder = open_folder(self, ".");
    uid_t user = geteuid();

    cr_assert_eq(chmod(".", 0555), 0);
    cr_assert(user != 0 || seteuid(65534) == 0);
    assert_cannot_publish(self, folder, "a", EACCES, "cannot make 'a.part': Permission denied");
    cr_assert_eq(seteuid(user), 0);
    cr_assert_eq(chmod(".", 0755), 0);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, fails_when_its_folder_has_gone)
{
    struct folder *folder = open_folder(self, "out");

    cr_assert_eq(rmdir("out"), 0);
    assert_cannot_publish(self, folder, "a", ENOENT, "cannot make 'out/a.part': No such file or directory");
    assert_cannot_publish(self, folder, "b/c", ENOENT, "cannot make 'out/b/c.part': No such file or directory");
    folder_close(folder);
    return 0;
}

DISK_TEST(output, fails_without_a_descriptor_and_works_with_one)
{
    struct folder *folder = open_folder(self, ".");
    struct rlimit limit, none;

    publish(self, folder, "a", SLICE("x"));
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = (struct rlimit){.rlim_cur = 0, .rlim_max = limit.rlim_max};
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_cannot_publish(self, folder, "b", EMFILE, "cannot make 'b.part': Too many open files");
    assert_cannot_publish(self, folder, "c/b", EMFILE, "cannot make 'c/b.part': Too many open files");
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    publish(self, folder, "b", SLICE("x"));
    folder_close(folder);
    return 0;
}

DISK_TEST(output, takes_back_its_file_when_it_cannot_be_written)
{
    struct rlimit limit = {.rlim_cur = PIECE_SIZE + 1000, .rlim_max = RLIM_INFINITY};
    struct folder *folder = open_folder(self, ".");
    struct output *output = open_output(self, folder, "a");
    struct error error = {.kind = ERROR_NONE};

    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_assert_eq(output_write(self, output, piece, &error), 0);
    cr_assert_eq(output_write(self, output, piece, &error), -EFBIG);
    cr_assert_eq(error.kind, ERROR_DISK);
    cr_assert_eq(error.code, EFBIG);
    cr_assert_str_eq(error.message, "cannot write 'a': File too large");
    cr_assert_eq(count_entries("."), 0);
    cr_assert_eq(output_write(self, output, SLICE("x"), &error), -EIO, "what is missing stays missing");
    cr_assert_eq(output_publish(self, output, SLICE("x"), &error), -EIO);
    cr_assert_eq(count_entries("."), 0);
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, digests_what_it_writes)
{
    static const char expected[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    struct output_options options = {.digest = "sha256"};
    struct folder *folder = open_folder(self, ".");
    struct output *output = NULL;

    cr_assert_eq(output_open(self, folder, "a", &options, NULL, &output), 0);
    put_file("a", "");
    cr_assert_null(output_digest(output));
    cr_assert_eq(output_write(self, output, SLICE("a"), NULL), 0);
    cr_assert_eq(output_publish(self, output, SLICE("bc"), NULL), -EEXIST);
    cr_assert_eq(output_rename(self, output, "b", NULL), 0);
    cr_assert_eq(output_publish(self, output, nothing, NULL), 0);
    cr_assert_str_eq(output_digest(output), expected);
    output_close(self, output);
    cr_assert_eq(output_open(self, folder, "c", &options, NULL, &output), 0);
    cr_assert_eq(output_publish(self, output, SLICE("abc"), NULL), 0);
    cr_assert_str_eq(output_digest(output), expected);
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, is_not_opened_for_a_digest_that_nobody_knows)
{
    struct output_options options = {.digest = "sha257"};
    struct folder *folder = open_folder(self, ".");
    struct error error = {.kind = ERROR_NONE};
    struct output *output = NULL;

    cr_assert_eq(output_open(self, folder, "a", &options, &error, &output), -EINVAL);
    cr_assert_str_eq(error.message, "no digest is called 'sha257'");
    publish(self, folder, "a", SLICE("x"));
    folder_close(folder);
    return 0;
}

static int write_for_ever(struct co_task *self, void *folder)
{
    struct output *output = open_output(self, folder, "a");
    int result;

    do
        result = output_write(self, output, SLICE("bytes"), NULL);
    while (result == 0);
    cr_assert_eq(result, -ECANCELED);
    cr_assert_eq(output_publish(self, output, SLICE("x"), NULL), -EIO);
    output_close(self, output);
    return result;
}

DISK_TEST(output, leaves_nothing_behind_when_cancelled)
{
    struct folder *folder = open_folder(self, ".");

    cr_assert_eq(co_timeout(self, CO_MILLISECONDS(30), write_for_ever, folder), -ETIMEDOUT);
    cr_assert_eq(count_entries("."), 0);
    publish(self, folder, "a", SLICE("x"));
    folder_close(folder);
    return 0;
}

struct writing {
    struct folder *folder;
    int number;
};

/* By number: in one piece, in three, below a folder, not published. */
static int write_one(struct co_task *self, void *argument)
{
    const struct writing *writing = argument;
    struct output *output;
    char name[32];

    snprintf(name, sizeof name, writing->number % 4 == 2 ? "below/%d" : "%d", writing->number);
    output = open_output(self, writing->folder, name);
    for (int i = 0; i < 2 && writing->number % 4 > 0; i++)
        cr_assert_eq(output_write(self, output, SLICE("12"), NULL), 0);
    if (writing->number % 4 < 3)
        cr_assert_eq(output_publish(self, output, SLICE("3"), NULL), 0);
    output_close(self, output);
    return 0;
}

DISK_TEST(output, is_one_of_a_thousand)
{
    static struct writing writings[1000];
    struct folder *folder = open_folder(self, ".");
    size_t descriptors = count_entries("/proc/self/fd");
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 1000; i++) {
        writings[i] = (struct writing){folder, i};
        cr_assert_eq(co_spawn(self, &group, write_one, &writings[i]), 0);
    }
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    cr_assert_eq(count_entries("."), 501);
    cr_assert_eq(count_entries("below"), 250);
    cr_assert_eq(count_entries("/proc/self/fd"), descriptors);
    assert_file("0", "3");
    assert_file("1", "12123");
    assert_file("below/998", "12123");
    folder_close(folder);
    return 0;
}

static int publish_same(struct co_task *self, void *argument)
{
    const struct writing *writing = argument;
    struct output *output = NULL;
    char bytes[32];

    snprintf(bytes, sizeof bytes, "%d", writing->number);
    if (output_open(self, writing->folder, "a", &plain, NULL, &output) == -EBUSY)
        return 0;
    cr_assert_eq(output_publish(self, output, (struct slice){bytes, strlen(bytes)}, NULL), 0);
    output_close(self, output);
    return 0;
}

DISK_TEST(output, is_the_only_one_when_all_want_one_name)
{
    static struct writing writings[100];
    struct folder *folder = open_folder(self, ".");
    struct co_group group;

    co_group_open(self, &group, CO_FAIL_FAST, 0);
    for (int i = 0; i < 100; i++) {
        writings[i] = (struct writing){folder, i};
        cr_assert_eq(co_spawn(self, &group, publish_same, &writings[i]), 0);
    }
    cr_assert_eq(co_group_close(self, &group, 0), 0);
    cr_assert_eq(count_entries("."), 1);
    assert_file("a", "0");
    folder_close(folder);
    return 0;
}

DISK_TEST(output, may_be_standard_output)
{
    struct output_options options = {.digest = "md5"};
    struct output *output = NULL;

    cr_assert_not_null(freopen("stdout", "w", stdout));
    cr_assert_eq(output_open_stdout(&options, NULL, &output), 0);
    cr_assert_eq(output_write(self, output, SLICE("a"), NULL), 0);
    assert_file("stdout", "a");
    cr_assert_eq(output_publish(self, output, SLICE("bc"), NULL), 0);
    assert_file("stdout", "abc");
    cr_assert_str_eq(output_digest(output), "900150983cd24fb0d6963f7d28e17f72");
    cr_assert_eq(output_size(output), 3);
    cr_assert(output_is_published(output));
    output_close(self, output);
    return 0;
}

DISK_TEST(output, tells_that_nobody_reads_standard_output)
{
    struct error error = {.kind = ERROR_NONE};
    struct output *output = NULL;
    int ends[2];

    signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    close(ends[0]);
    cr_assert_eq(output_open_stdout(&plain, &error, &output), 0);
    cr_assert_eq(output_write(self, output, SLICE("a"), &error), -EPIPE);
    cr_assert_str_eq(error.message, "cannot write 'standard output': Broken pipe");
    output_close(self, output);
    return 0;
}

DISK_TEST(output, is_published_only_with_the_digests_that_were_expected)
{
    static const struct output_options with_digest = {.digest = "md5"};
    const char *const md5 = "900150983CD24FB0D6963F7D28E17F72", *const sha1 =
                                                                    "a9993e364706816aba3e25717850c26c9cd0d89d";
    struct folder *folder = open_folder(self, "out");
    struct error error = {.kind = ERROR_NONE};
    struct output *output;

    cr_assert_eq(output_open(self, folder, "right", &with_digest, NULL, &output), 0);
    output_expect(output, "md5", md5);
    output_expect(output, "sha1", sha1);
    cr_assert_eq(output_write(self, output, SLICE("a"), NULL), 0);
    cr_assert_eq(output_publish(self, output, SLICE("bc"), NULL), 0);
    output_close(self, output);

    cr_assert_eq(output_open(self, folder, "wrong", &with_digest, NULL, &output), 0);
    output_expect(output, "md5", md5);
    output_expect(output, "sha1", "00993e364706816aba3e25717850c26c9cd0d89d");
    cr_assert_eq(output_publish(self, output, SLICE("abc"), &error), -EBADMSG);
    cr_assert_eq(error.code, EBADMSG);
    cr_assert_not_null(strstr(error.message, sha1));
    cr_assert_not(output_is_published(output));
    cr_assert(output_publish(self, output, nothing, &error) < 0, "nor by asking again");
    output_close(self, output);

    assert_file("out/right", "abc");
    cr_assert_eq(count_entries("out"), 1);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, takes_no_name_that_is_claimed_until_it_is_released)
{
    struct folder *folder = open_folder(self, ".");
    struct output *output = NULL;

    folder_claim(folder, "a");
    cr_assert_eq(output_open(self, folder, "a", &plain, NULL, &output), -EBUSY);
    folder_release(folder, "a");
    cr_assert_eq(output_open(self, folder, "a", &plain, NULL, &output), 0);
    output_close(self, output);
    folder_close(folder);
    return 0;
}

DISK_TEST(output, repeats_a_file_that_the_resumed_run_had_made_and_not_told_of)
{
    time_t began = time(NULL);
    struct output *output = NULL;
    struct folder *folder;

    put_file("a", "made by the run before");
    let_time_pass();
    folder = open_folder(self, ".");
    cr_assert_eq(output_open(self, folder, "a", &plain, NULL, &output), -EEXIST);
    folder_resume(folder, began + 100);
    cr_assert_eq(output_open(self, folder, "a", &plain, NULL, &output), -EEXIST, "it is older than that run");
    folder_resume(folder, began);
    cr_assert_eq(output_open(self, folder, "a", &plain, NULL, &output), 0);
    cr_assert_eq(output_publish(self, output, SLICE("something else"), NULL), -EEXIST);
    output_close(self, output);
    assert_file("a", "made by the run before");
    cr_assert_eq(output_open(self, folder, "a", &plain, NULL, &output), 0);
    cr_assert_eq(output_publish(self, output, SLICE("made by the run before"), NULL), 0);
    output_close(self, output);
    assert_file("a", "made by the run before");
    cr_assert_eq(output_open(self, folder, "a", &plain, NULL, &output), 0);
    cr_assert_eq(output_publish(self, output, SLICE("another's"), NULL), -EBUSY, "it is of this run now");
    output_close(self, output);
    folder_close(folder);
    return 0;
}

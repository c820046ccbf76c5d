#include <haul/co/runtime.h>
#include <haul/input/journal.h>

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define RUN     "{\"schema\":\"haul.run/1\",\"type\":\"run\",\"started_at\":\"2026-11-26T10:00:00.5Z\"}\n"
#define SUMMARY "{\"schema\":\"haul.summary/1\",\"type\":\"summary\"}\n"

#define RECORD(id, index, output, status, url, path, bytes)                                                            \
    "{\"schema\":\"haul.result/1\",\"type\":\"result\",\"id\":\"" id "\",\"index\":" index ",\"output\":" output       \
    ",\"status\":\"" status "\",\"url\":\"" url "\",\"file\":{\"path\":" path ",\"bytes\":" bytes                      \
    "},\"checksum\":{\"algorithm\":\"md5\",\"actual\":\"d\"}}"

#define JOURNAL_TEST(name)                                                                                             \
    static int run_##name(struct co_task *self, void *unused);                                                         \
    Test(journal, name)                                                                                                \
    {                                                                                                                  \
        char folder[] = "/tmp/haul_journal_XXXXXX";                                                                    \
                                                                                                                       \
        cr_assert_not_null(mkdtemp(folder));                                                                           \
        cr_assert_eq(chdir(folder), 0);                                                                                \
        cr_assert_eq(co_run(run_##name, NULL, NULL), 0);                                                               \
        unlink("journal");                                                                                             \
        cr_assert_eq(rmdir(folder), 0);                                                                                \
    }                                                                                                                  \
    static int run_##name(struct co_task *self, void *unused __attribute__((unused)))

static unsigned noted;

static void note(void *context, const char *path)
{
    (void)context, (void)path;
    noted++;
}

static void put_journal(const char *text)
{
    FILE *file = fopen("journal", "w");

    cr_assert_not_null(file);
    fputs(text, file);
    fclose(file);
}

static struct journal *open_journal(struct co_task *self, const char *text)
{
    struct error error = {.kind = ERROR_NONE};
    struct journal *journal = NULL;

    put_journal(text);
    noted = 0;
    cr_assert_eq(journal_open(self, "journal", note, NULL, &error, &journal), 0, "%s", error.message);
    return journal;
}

static int take(struct co_task *self, struct journal *journal, const char *url, const char *id, uint64_t index,
                int64_t *ret_bytes)
{
    CLEANUP(arena_release) struct arena arena = {0};
    CLEANUP(job_close)
    struct job *job = job_open(
        &(struct job_parts){.index = index, .url = slice_of(url), .id = slice_of(id), .source = SLICE("test")});
    struct journal_record record;
    int result = journal_take(self, journal, job, url, &arena, &record);

    if (result == 0)
        *ret_bytes = record.bytes;
    return result;
}

JOURNAL_TEST(tells_of_a_job_that_is_done_once)
{
    int64_t bytes = 0;
    struct journal *journal =
        open_journal(self, RUN RECORD("1", "1", "null", "ok", "http://a/1", "\"out/1\"", "7") "\n" SUMMARY);

    cr_expect_eq(journal_began(journal), 1795687200);
    cr_expect_eq(noted, 1);
    cr_expect_eq(take(self, journal, "http://a/2", NULL, 2, &bytes), -ENOENT);
    cr_expect_eq(take(self, journal, "http://a/1", NULL, 9, &bytes), 0, "wherever it stands in the list now");
    cr_expect_eq(bytes, 7);
    cr_expect_eq(take(self, journal, "http://a/1", NULL, 9, &bytes), -ENOENT, "a job that is twice in a list is two");
    journal_close(journal);
    return 0;
}

JOURNAL_TEST(knows_jobs_apart_by_the_ids_that_were_given)
{
    int64_t bytes = 0;
    struct journal *journal = open_journal(self, RECORD("b", "1", "null", "ok", "http://a/1", "\"1\"", "1") "\n");

    cr_expect_eq(take(self, journal, "http://a/1", "c", 1, &bytes), -ENOENT);
    cr_expect_eq(take(self, journal, "http://a/1", "b", 1, &bytes), 0);
    journal_close(journal);
    return 0;
}

JOURNAL_TEST(says_nothing_of_what_is_not_done)
{
    int64_t bytes = 0;
    struct journal *journal =
        open_journal(self, RECORD("1", "1", "null", "failed", "http://a/1", "null",
                                  "0") "\n" RECORD("2", "2", "null", "skipped", "http://a/2", "null", "0") "\n");

    cr_expect_eq(take(self, journal, "http://a/1", NULL, 1, &bytes), -ENOENT);
    cr_expect_eq(take(self, journal, "http://a/2", NULL, 2, &bytes), -ENOENT);
    journal_close(journal);
    return 0;
}

JOURNAL_TEST(gives_the_last_record_first)
{
    int64_t bytes = 0;
    struct journal *journal = open_journal(self, RECORD("1", "1", "null", "ok", "http://a/1", "\"1\"", "1") "\n" RECORD(
                                                     "1", "1", "null", "ok", "http://a/1", "\"1\"", "2") "\n");

    cr_expect_eq(take(self, journal, "http://a/1", NULL, 1, &bytes), 0);
    cr_expect_eq(bytes, 2);
    cr_expect_eq(take(self, journal, "http://a/1", NULL, 1, &bytes), 0);
    cr_expect_eq(bytes, 1);
    journal_close(journal);
    return 0;
}

JOURNAL_TEST(passes_over_what_is_no_record_and_a_last_line_that_was_cut)
{
    int64_t bytes = 0;
    struct journal *journal =
        open_journal(self, "\n# nothing\n{\"a\":1}\n{\"schema\":\"haul.re\n" RECORD(
                               "1", "1", "null", "ok", "http://a/1", "\"1\"",
                               "1") "\n" RECORD("2", "2", "null", "ok", "http://a/2", "\"2\"", "1"));

    cr_expect_eq(take(self, journal, "http://a/1", NULL, 1, &bytes), 0);
    cr_expect_eq(take(self, journal, "http://a/2", NULL, 2, &bytes), -ENOENT, "it may be cut anywhere");
    journal_close(journal);
    return 0;
}

JOURNAL_TEST(is_empty_without_a_file_and_refused_when_it_is_none)
{
    struct error error = {.kind = ERROR_NONE};
    struct journal *journal = NULL;
    int64_t bytes;

    cr_assert_eq(journal_open(self, "none", note, NULL, &error, &journal), 0);
    cr_expect_eq(take(self, journal, "http://a/1", NULL, 1, &bytes), -ENOENT);
    journal_close(journal);
    cr_expect_eq(journal_open(self, "/", note, NULL, &error, &journal), -EINVAL);
    cr_expect_eq(error.kind, ERROR_INPUT);
    cr_expect_str_eq(error.message, "cannot resume by '/': it is no file");
    journal_close(open_journal(self, "{\"cut"));
    put_journal("http://a/1\n");
    cr_expect_eq(journal_open(self, "journal", note, NULL, &error, &journal), -EBADMSG);
    cr_expect_str_eq(error.message, "cannot resume by 'journal': it has no line of --json");
    return 0;
}

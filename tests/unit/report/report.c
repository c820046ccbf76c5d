#include <haul/report/report.h>

#include <haul/base/clock.h>
#include <haul/base/memory.h>
#include <haul/co/runtime.h>
#include <haul/co/scope.h>

#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct stage {
    struct report_options options;
    void (*act)(struct co_task *self, struct report *report);
    int finished;
    struct error error;
};

static struct job job = {.index = 1, .source = "argument 1", .url = "http://h/a"};

static struct result *make_result(void)
{
    struct result *result = memory_allocate(sizeof *result);

    result_init(result, &job);
    return result;
}

static void forget(struct result *result)
{
    result_release(result);
    free(result);
}

static int run_stage(struct co_task *self, void *argument)
{
    struct stage *stage = argument;
    struct outcome outcome = {.signal = 0};
    struct report *report;
    struct co_group group;

    co_group_open(self, &group, CO_COLLECT, 0);
    cr_assert_eq(report_open(self, &group, &stage->options, forget, &stage->error, &report), 0);
    stage->act(self, report);
    stage->finished = report_finish(self, report, &outcome, NANOSECONDS_PER_SECOND, 1, &stage->error);
    report_close(report);
    return co_group_close(self, &group, 0);
}

/* Makes a descriptor that can be read again stand for `standard`, runs, and gives what was written there. */
static void capture(struct stage *stage, int standard, char *bytes, size_t size)
{
    FILE *file = tmpfile();
    int saved = dup(standard);
    size_t length;

    cr_assert_eq(dup2(fileno(file), standard), standard);
    cr_assert_eq(co_run(run_stage, stage, NULL), 0);
    cr_assert_eq(dup2(saved, standard), standard);
    close(saved);
    rewind(file);
    length = fread(bytes, 1, size - 1, file);
    bytes[length] = '\0';
    fclose(file);
}

static void tell(struct co_task *self, struct report *report, enum result_status status)
{
    struct result *result = make_result();
    struct error error;

    result->url = "http://h/a";
    result->status = status;
    if (status == RESULT_FAILED)
        failure_set(&result->failure, FAILURE_DNS, 6, true, "no such host");
    cr_assert_eq(report_result(self, report, result, &error), 0);
}

static void tell_two(struct co_task *self, struct report *report)
{
    struct failure failure;

    failure_set(&failure, FAILURE_DNS, 6, true, "no such host");
    report_retry(report, NULL, "http://h/a", NANOSECONDS_PER_SECOND, &failure);
    tell(self, report, RESULT_FAILED);
    tell(self, report, RESULT_OK);
    report_say(report, "%d files", 7);
    cr_assert_eq(report_totals(report)->total, 2);
}

static void assert_types(char *lines, const char *const *types)
{
    char *line, *rest = lines;

    while ((line = strsep(&rest, "\n")) && *line) {
        cJSON *parsed = cJSON_Parse(line);

        cr_assert_not_null(*types);
        cr_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(parsed, "type")), *types++);
        cJSON_Delete(parsed);
    }
    cr_assert_null(*types);
}

Test(report, writes_a_run_line_then_results_then_a_summary)
{
    static const char *const types[] = {"run", "result", "result", "summary", NULL};
    struct stage stage = {.options = {.json = true, .quiet = true}, .act = tell_two};
    char lines[16384];

    capture(&stage, STDOUT_FILENO, lines, sizeof lines);
    cr_assert_eq(stage.finished, 0);
    assert_types(lines, types);
}

Test(report, writes_nothing_to_standard_output_unless_asked)
{
    struct stage stage = {.options = {.quiet = true}, .act = tell_two};
    char lines[100];

    capture(&stage, STDOUT_FILENO, lines, sizeof lines);
    cr_assert_str_empty(lines);
}

Test(report, tells_people_of_failures)
{
    struct stage stage = {.act = tell_two};
    char lines[1000];

    capture(&stage, STDERR_FILENO, lines, sizeof lines);
    cr_assert_str_eq(lines, "failed    http://h/a: no such host\nhaul: 7 files\n"
                            "1 file, 0 B in 1.00 s (1.0/s), 1 failed\n");
}

Test(report, tells_people_of_everything_when_verbose)
{
    struct stage stage = {.options = {.verbosity = 1}, .act = tell_two};
    char lines[1000];

    capture(&stage, STDERR_FILENO, lines, sizeof lines);
    cr_assert_str_eq(lines, "retrying  http://h/a in 1.00 s: no such host\nfailed    http://h/a: no such host\n"
                            "ok        http://h/a (0 B in 0.00 s)\nhaul: 7 files\n"
                            "1 file, 0 B in 1.00 s (1.0/s), 1 failed\n");
}

Test(report, says_nothing_when_quiet)
{
    struct stage stage = {.options = {.quiet = true, .verbosity = 1}, .act = tell_two};
    char lines[100];

    capture(&stage, STDERR_FILENO, lines, sizeof lines);
    cr_assert_str_empty(lines);
}

static void tell_after_a_cancel(struct co_task *self, struct report *report)
{
    struct co_scope scope;

    co_scope_begin(self, &scope, CO_FOREVER);
    co_scope_cancel(&scope);
    for (int i = 0; i < 1000; i++)
        tell(self, report, RESULT_CANCELLED);
    cr_assert_eq(co_scope_end(self, &scope, -ECANCELED), 0);
}

Test(report, writes_every_result_of_a_cancelled_run)
{
    struct stage stage = {.options = {.json = true, .quiet = true}, .act = tell_after_a_cancel};
    static char lines[4 * 1024 * 1024];
    unsigned count = 0;

    capture(&stage, STDOUT_FILENO, lines, sizeof lines);
    for (const char *at = lines; (at = strstr(at, "\"status\":\"cancelled\"")); at++)
        count++;
    cr_assert_eq(count, 1000);
    cr_assert(strstr(lines, "\"cancelled\":1000"));
}

static void tell_until_it_fails(struct co_task *self, struct report *report)
{
    struct error error = {.kind = ERROR_NONE};
    int told = 0;

    for (int i = 0; i < 100000 && told == 0; i++) {
        told = report_result(self, report, make_result(), &error);
        co_yield_now(self);
    }
    cr_assert_eq(told, -ENOSPC);
    cr_assert_eq(error.kind, ERROR_REPORT);
    cr_assert_str_eq(error.message, "cannot write to standard output: No space left on device");
}

static unsigned forgotten;

static void count_forgotten(struct result *result)
{
    forgotten++;
    forget(result);
}

static int tell_large_jobs(struct co_task *self, void *unused)
{
    struct report_options options = {.json = true, .quiet = true};
    struct job large = {.index = 1, .source = "-:1", .url = "http://h/a", .memory = REPORT_PENDING_MAXIMUM};
    struct outcome outcome = {.signal = 0};
    struct error error = {.kind = ERROR_NONE};
    struct report *report = NULL;
    struct co_group group;

    (void)unused;
    co_group_open(self, &group, CO_COLLECT, 0);
    cr_assert_eq(report_open(self, &group, &options, count_forgotten, &error, &report), 0);
    for (unsigned told = 0; told < 20; told++) {
        struct result *result = make_result();

        result->job = &large;
        cr_assert_eq(report_result(self, report, result, &error), 0);
        cr_assert_eq(forgotten, told, "all but the last have gone");
    }
    cr_assert_eq(report_finish(self, report, &outcome, 0, 1, &error), 0);
    cr_assert_eq(forgotten, 20);
    report_close(report);
    return co_group_close(self, &group, 0);
}

Test(report, holds_few_results_when_their_jobs_are_large)
{
    int saved = dup(STDOUT_FILENO), nowhere = open("/dev/null", O_WRONLY);

    cr_assert_eq(dup2(nowhere, STDOUT_FILENO), STDOUT_FILENO);
    cr_assert_eq(co_run(tell_large_jobs, NULL, NULL), 0);
    cr_assert_eq(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
}

Test(report, says_when_standard_output_takes_no_more)
{
    struct stage stage = {.options = {.json = true, .quiet = true}, .act = tell_until_it_fails};
    int saved = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);

    cr_assert_eq(dup2(full, STDOUT_FILENO), STDOUT_FILENO);
    cr_assert_eq(co_run(run_stage, &stage, NULL), 0);
    cr_assert_eq(dup2(saved, STDOUT_FILENO), STDOUT_FILENO);
    cr_assert_eq(stage.finished, -ENOSPC);
    cr_assert_eq(stage.error.kind, ERROR_REPORT);
}

Test(report, does_not_mind_a_standard_error_that_takes_nothing)
{
    struct stage stage = {.act = tell_two};
    int saved = dup(STDERR_FILENO), full = open("/dev/full", O_WRONLY);

    cr_assert_eq(dup2(full, STDERR_FILENO), STDERR_FILENO);
    cr_assert_eq(co_run(run_stage, &stage, NULL), 0);
    cr_assert_eq(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    cr_assert_eq(stage.finished, 0);
}

static int open_when_cancelled(struct co_task *self, void *argument)
{
    struct report *report = argument;
    struct report_options options = {.json = true};
    struct error error = {.kind = ERROR_NONE};
    struct co_group group;

    co_group_open(self, &group, CO_COLLECT, 0);
    co_group_cancel(&group);
    cr_assert_lt(report_open(self, &group, &options, forget, &error, &report), 0);
    cr_assert_eq(error.kind, ERROR_SYSTEM);
    cr_assert_null(report);
    return co_group_close(self, &group, 0);
}

Test(report, does_not_open_in_a_cancelled_group)
{
    cr_assert_eq(co_run(open_when_cancelled, NULL, NULL), 0);
}

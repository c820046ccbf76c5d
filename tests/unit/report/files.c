/* files - writes report files of results that were never fetched, for the tests of the formats.
 *
 *     files random SEED COUNT FILE...
 *     files latencies FILE... <NANOSECONDS, one a line
 */
#include "random_result.h"

#include <haul/base/clock.h>
#include <haul/co/runtime.h>
#include <haul/report/report.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct work {
    const char *const *files;
    unsigned count; /* of random results; 0: read latencies */
};

static int64_t some_time(void)
{
    return random() % (100 * NANOSECONDS_PER_SECOND);
}

/* As no clock would ever tell them is not for files: they are added up there. */
static void moderate_times(struct result *result)
{
    struct exchange *exchange = &result->exchange;

    result->started_at = random() % 3 ? clock_wall() - some_time() : 0;
    result->finished_at = clock_wall();
    result->time_elapsed = some_time();
    exchange->time.name_lookup = some_time();
    exchange->time.connect = some_time();
    exchange->time.app_connect = some_time();
    exchange->time.pre_transfer = some_time();
    exchange->time.start_transfer = some_time();
}

static int tell_random(struct co_task *self, struct report *report, unsigned count, struct error *error)
{
    int result = 0;

    for (unsigned i = 0; i < count && result == 0; i++) {
        struct random_result made;

        random_result_make(&made);
        moderate_times(&made.result);
        result = report_result(self, report, &made.result, error);
    }
    return result;
}

static int tell_latencies(struct co_task *self, struct report *report, struct error *error)
{
    struct job job = {.source = "-", .url = "http://h/"};
    int64_t latency;
    int result = 0;

    while (result == 0 && scanf("%" SCNd64, &latency) == 1) {
        struct result made;

        job.index++;
        result_init(&made, &job);
        made.url = job.url;
        made.exchange.response_code = 200;
        made.exchange.time.total = latency;
        result = report_result(self, report, &made, error);
    }
    return result;
}

static int run(struct co_task *self, void *argument)
{
    const struct work *work = argument;
    struct report_options options = {.files = work->files, .quiet = true, .version = "1.2.3"};
    struct error error = {.kind = ERROR_NONE};
    struct outcome outcome = {.signal = 0};
    struct co_group group;
    struct report *report;
    int result;

    co_group_open(self, &group, CO_COLLECT, 0);
    result = report_open(self, &group, &options, result_release, &error, &report);
    if (result == 0) {
        result =
            work->count > 0 ? tell_random(self, report, work->count, &error) : tell_latencies(self, report, &error);
        result = report_finish(self, report, &outcome, NANOSECONDS_PER_SECOND, 1, &error) < 0 ? -1 : result;
        report_close(report);
    }
    if (result < 0)
        fprintf(stderr, "%s\n", error.message);
    return co_group_close(self, &group, result);
}

int main(int count, char **arguments)
{
    bool is_random = count > 3 && strcmp(arguments[1], "random") == 0;
    struct work work = {.files = (const char *const *)arguments + (is_random ? 4 : 2)};

    if (count < 3)
        return 2;
    if (is_random) {
        srandom((unsigned)strtoul(arguments[2], NULL, 10));
        work.count = (unsigned)strtoul(arguments[3], NULL, 10);
    }
    return co_run(run, &work, NULL) < 0;
}

/* totals.h - what a whole run came to, in memory that does not grow with it.
 *
 * Latencies go into a histogram of logarithmic buckets, each 1.6 % wide (64 to the doubling, 1 µs to 18 hours), so a
 * percentile is within 1 % of the exact one; the extremes and the mean are exact.  At most TOTALS_ORIGINS_MAXIMUM
 * origins are counted by name, the rest together as "other".
 */
#pragma once

#include <haul/job/result.h>

#include <stdbool.h>
#include <stdint.h>

#define TOTALS_ORIGINS_MAXIMUM 256
#define TOTALS_BUCKETS         (36 * 64 + 1)

struct totals_origin {
    char *origin;
    uint64_t total, ok, bytes;
};

struct totals {
    uint64_t total;
    uint64_t by_result[RESULT_STATUS_COUNT];
    uint64_t by_class[FAILURE_CLASS_COUNT];
    uint64_t by_response_code[600]; /* 0: no answer; codes above 599 count as 599 */
    uint64_t bytes, retries;

    struct { /* of exchange.time.total of the jobs that got an answer */
        uint64_t count;
        int64_t minimum, maximum, sum;
        uint32_t buckets[TOTALS_BUCKETS];
    } latency;

    struct totals_origin origins[TOTALS_ORIGINS_MAXIMUM]; /* in order of appearance */
    unsigned origin_count;
    struct totals_origin other;
};

void totals_add(struct totals *totals, const struct result *result);
void totals_release(struct totals *totals);

/* The latency that `part` (0 to 1) of the jobs did not exceed, nanoseconds; 0 when there were none. */
int64_t totals_latency_percentile(const struct totals *totals, double part);

/* What else a run's exit code depends on. */
struct outcome {
    bool usage_error;
    bool input_unreadable;
    bool local_failure;     /* report not writable, folder not usable */
    bool stopped_by_policy; /* with work left */
    int signal;             /* SIGINT, SIGTERM, SIGHUP; 0: none */
};

/* The table "exit codes" of haul(1): 128 + signal, else the first that applies of 2, 3, 5, 7, 1, 4, 6, 0. */
int totals_exit_code(const struct totals *totals, const struct outcome *outcome);

/* totals.h - what a whole run came to, in memory that does not grow with it.
 *
 * Starts as all zero.  Latencies go into a histogram of at most 1.6 % wide buckets (64 to the doubling, from 1 µs to 19
 * hours), so a percentile in that range is within 1 % of the exact one; the extremes and the mean are exact.  At most
 * TOTALS_ORIGINS_MAXIMUM origins are counted by name, the rest together as "other"; a job that got no origin, because
 * its line was bad, counts for none.
 */
#pragma once

#include <haul/job/result.h>

#include <stdbool.h>
#include <stdint.h>

#define TOTALS_ORIGINS_MAXIMUM 256
#define TOTALS_ORIGIN_SLOTS    (2 * TOTALS_ORIGINS_MAXIMUM)
#define TOTALS_BUCKETS         (36 * 64 + 1)
#define TOTALS_RESPONSE_CODES  600

struct totals_origin {
    char *origin;
    uint64_t total, ok, bytes;
};

struct totals {
    uint64_t total;
    uint64_t by_result[RESULT_STATUS_COUNT];
    uint64_t by_class[FAILURE_CLASS_COUNT];           /* of those that failed */
    uint64_t by_response_code[TOTALS_RESPONSE_CODES]; /* 0: no answer; codes above 599 count as 599 */
    uint64_t bytes, retries;

    struct { /* of exchange.time.total of the jobs that got an answer */
        uint64_t count;
        int64_t minimum, maximum, sum;
        uint32_t buckets[TOTALS_BUCKETS];
    } latency;

    struct totals_origin origins[TOTALS_ORIGINS_MAXIMUM]; /* in order of appearance */
    unsigned origin_count;
    uint16_t origin_slots[TOTALS_ORIGIN_SLOTS]; /* a hash table of places in `origins`, from 1; 0: free */
    struct totals_origin other;                 /* its name is NULL */
};

void totals_add(struct totals *totals, const struct result *result);
void totals_release(struct totals *totals);
CLEANUP_VALUE(totals_release, struct totals)

/* The latency that `part` (0 to 1) of the jobs did not exceed, nanoseconds; 0 when there were none. */
int64_t totals_latency_percentile(const struct totals *totals, double part);

/* The bucket of a latency, and the first latency of a bucket, nanoseconds. */
unsigned totals_bucket_of(int64_t latency);
int64_t totals_bucket_start(unsigned bucket);

/* What else a run's exit code depends on. */
struct outcome {
    bool usage_error;
    bool input_unreadable;
    bool local_failure;     /* report not writable, folder not usable */
    bool stopped_by_policy; /* with work left */
    int signal;             /* SIGINT, SIGTERM, SIGHUP; 0: none */
};

/* The table "exit codes" of haul(1): 128 + signal, else the first that applies of 2, 3, 5, 7, 1, 4, 6, 0.  A failed job
 * stands for 5 (disk), 7 (checksum, size), 4 (check) or 1 (any other class); skipped and cancelled ones for nothing. */
int totals_exit_code(const struct totals *totals, const struct outcome *outcome);

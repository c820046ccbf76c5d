#include <haul/base/memory.h>
#include <haul/job/totals.h>

#include <stdlib.h>
#include <string.h>

#define LATENCY_EXPONENT_MINIMUM      10 /* 2^10 ns: all below share the first bucket */
#define BUCKETS_PER_DOUBLING_EXPONENT 6
#define BUCKETS_PER_DOUBLING          (1 << BUCKETS_PER_DOUBLING_EXPONENT)

unsigned totals_bucket_of(int64_t latency)
{
    unsigned exponent, step, bucket;

    if (latency < 1 << LATENCY_EXPONENT_MINIMUM)
        return 0;
    exponent = 63 - (unsigned)__builtin_clzll((unsigned long long)latency);
    step = (unsigned)(latency >> (exponent - BUCKETS_PER_DOUBLING_EXPONENT)) & (BUCKETS_PER_DOUBLING - 1);
    bucket = 1 + (exponent - LATENCY_EXPONENT_MINIMUM) * BUCKETS_PER_DOUBLING + step;
    return bucket < TOTALS_BUCKETS ? bucket : TOTALS_BUCKETS - 1;
}

int64_t totals_bucket_start(unsigned bucket)
{
    unsigned doublings, step;

    if (bucket == 0)
        return 0;
    doublings = (bucket - 1) / BUCKETS_PER_DOUBLING;
    step = (bucket - 1) % BUCKETS_PER_DOUBLING;
    return ((int64_t)BUCKETS_PER_DOUBLING + step)
           << (doublings + LATENCY_EXPONENT_MINIMUM - BUCKETS_PER_DOUBLING_EXPONENT);
}

static int64_t bucket_middle(unsigned bucket)
{
    return (totals_bucket_start(bucket) + totals_bucket_start(bucket + 1)) / 2;
}

static void add_latency(struct totals *totals, int64_t latency)
{
    if (latency < 0)
        latency = 0;
    if (totals->latency.count == 0 || latency < totals->latency.minimum)
        totals->latency.minimum = latency;
    if (latency > totals->latency.maximum)
        totals->latency.maximum = latency;
    totals->latency.sum += latency;
    totals->latency.count++;
    totals->latency.buckets[totals_bucket_of(latency)]++;
}

/* FNV-1a */
static uint32_t hash_of(const char *string)
{
    uint32_t hash = 2166136261;

    for (; *string; string++)
        hash = (hash ^ (unsigned char)*string) * 16777619;
    return hash;
}

static struct totals_origin *find_or_add_origin(struct totals *totals, const char *origin)
{
    uint32_t slot = hash_of(origin) % TOTALS_ORIGIN_SLOTS;
    struct totals_origin *added;

    for (; totals->origin_slots[slot]; slot = (slot + 1) % TOTALS_ORIGIN_SLOTS) {
        struct totals_origin *known = &totals->origins[totals->origin_slots[slot] - 1];

        if (strcmp(known->origin, origin) == 0)
            return known;
    }
    if (totals->origin_count == TOTALS_ORIGINS_MAXIMUM)
        return &totals->other;
    added = &totals->origins[totals->origin_count++];
    added->origin = memory_copy_string(origin);
    totals->origin_slots[slot] = (uint16_t)totals->origin_count;
    return added;
}

static void add_to_origin(struct totals *totals, const struct result *result)
{
    struct totals_origin *origin = find_or_add_origin(totals, result->origin);

    origin->total++;
    origin->ok += result->status == RESULT_OK;
    origin->bytes += (uint64_t)result->exchange.size_download;
}

static unsigned response_code_slot(int response_code)
{
    if (response_code < 0)
        return 0;
    return response_code < TOTALS_RESPONSE_CODES ? (unsigned)response_code : TOTALS_RESPONSE_CODES - 1;
}

void totals_add(struct totals *totals, const struct result *result)
{
    totals->total++;
    totals->by_result[result->status]++;
    if (result->status == RESULT_FAILED)
        totals->by_class[result->failure.class]++;
    totals->by_response_code[response_code_slot(result->exchange.response_code)]++;
    totals->bytes += (uint64_t)result->exchange.size_download;
    totals->retries += result->attempt_count > 0 ? result->attempt_count - 1 : 0;
    if (result->exchange.response_code > 0)
        add_latency(totals, result->exchange.time.total);
    if (result->origin)
        add_to_origin(totals, result);
}

void totals_release(struct totals *totals)
{
    for (unsigned i = 0; i < totals->origin_count; i++)
        free(totals->origins[i].origin);
    *totals = (struct totals){0};
}

/* The smallest rank, from 1, at which `part` of `count` is reached; a hair above a whole number counts as that. */
static uint64_t rank_of(double part, uint64_t count)
{
    double exact = part * (double)count;
    uint64_t rank = (uint64_t)exact;

    if (exact - (double)rank > 1e-6)
        rank++;
    if (rank < 1)
        return 1;
    return rank < count ? rank : count;
}

int64_t totals_latency_percentile(const struct totals *totals, double part)
{
    uint64_t rank = rank_of(part, totals->latency.count), seen = totals->latency.buckets[0];
    unsigned bucket = 0;
    int64_t middle;

    if (totals->latency.count == 0)
        return 0;
    if (rank == totals->latency.count)
        return totals->latency.maximum;
    if (rank == 1)
        return totals->latency.minimum;
    while (seen < rank)
        seen += totals->latency.buckets[++bucket];
    middle = bucket_middle(bucket);
    if (middle < totals->latency.minimum)
        return totals->latency.minimum;
    return middle < totals->latency.maximum ? middle : totals->latency.maximum;
}

int totals_exit_code(const struct totals *totals, const struct outcome *outcome)
{
    const uint64_t *failed = totals->by_class;
    const uint64_t disk = failed[FAILURE_DISK], check = failed[FAILURE_CHECK],
                   integrity = failed[FAILURE_CHECKSUM] + failed[FAILURE_SIZE];
    const struct {
        bool applies;
        int code;
    } rules[] = {
        {outcome->usage_error, 2},
        {outcome->input_unreadable, 3},
        {outcome->local_failure || disk > 0, 5},
        {integrity > 0, 7},
        {totals->by_result[RESULT_FAILED] > disk + integrity + check, 1},
        {check > 0, 4},
        {outcome->stopped_by_policy, 6},
    };

    if (outcome->signal)
        return 128 + outcome->signal;
    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        if (rules[i].applies)
            return rules[i].code;
    return 0;
}

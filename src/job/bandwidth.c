#include <haul/job/bandwidth.h>

#include <haul/base/clock.h>

#define PORTIONS_IN_A_SECOND 50

bool bandwidth_is_free(const struct bandwidth *bandwidth, int64_t now)
{
    return bandwidth->free_from <= now;
}

void bandwidth_note(struct bandwidth *bandwidth, int64_t bytes_a_second, int64_t bytes, int64_t now)
{
    double time = (double)bytes * (double)NANOSECONDS_PER_SECOND / (double)bytes_a_second;

    if (bandwidth->free_from == 0)
        bandwidth->free_from = now;
    if (bandwidth->free_from < now - BANDWIDTH_CATCH_UP)
        bandwidth->free_from = now - BANDWIDTH_CATCH_UP;
    bandwidth->free_from =
        time < (double)(INT64_MAX - bandwidth->free_from) / 2 ? bandwidth->free_from + (int64_t)time : INT64_MAX;
}

int64_t bandwidth_portion(int64_t bytes_a_second)
{
    return bytes_a_second / PORTIONS_IN_A_SECOND;
}

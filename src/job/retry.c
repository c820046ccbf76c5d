#include <haul/job/retry.h>

static int64_t doubled(int64_t delay, unsigned times, int64_t maximum)
{
    while (times-- > 0 && delay > 0 && delay < maximum)
        delay = delay > maximum / 2 ? maximum : 2 * delay;
    return delay < maximum ? delay : maximum;
}

bool retry_decide(const struct retry_policy *policy, const struct failure *failure, unsigned attempts, uint64_t random,
                  int64_t *ret_wait)
{
    int64_t longest, half;

    if (!failure->transient || attempts > policy->retries)
        return false;
    longest = doubled(policy->delay, attempts - 1, policy->maximum_delay);
    half = longest / 2;
    *ret_wait = half + (int64_t)(random % (uint64_t)(longest - half + 1));
    return true;
}

bool retry_status_is_transient(int response_code)
{
    switch (response_code) {
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return true;
    default:
        return false;
    }
}

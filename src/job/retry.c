#include <haul/job/retry.h>

#include <stddef.h>
#include <string.h>

static bool class_may_pass(enum failure_class class)
{
    switch (class) {
    case FAILURE_NONE:
    case FAILURE_INPUT:
    case FAILURE_DISK:
    case FAILURE_DENIED:
    case FAILURE_CANCELLED:
    case FAILURE_INTERNAL:
        return false;
    default:
        return true;
    }
}

static bool set_class(struct retry_set *set, struct slice name, enum retry_verdict verdict)
{
    for (enum failure_class class = 0; class < FAILURE_CLASS_COUNT; class ++) {
        if (!class_may_pass(class) || !slice_equal(name, slice_of(failure_class_name(class))))
            continue;
        set->classes[class] = (unsigned char)verdict;
        return true;
    }
    return false;
}

static bool set_hundred(struct retry_set *set, struct slice item, enum retry_verdict verdict)
{
    int first;

    if (item.length != 3 || memcmp(item.bytes + 1, "xx", 2) != 0 || item.bytes[0] < '3' || item.bytes[0] > '5')
        return false;
    first = 100 * (item.bytes[0] - '0');
    for (int code = first; code < first + 100; code++)
        if (set->statuses[code] == RETRY_BY_DEFAULT)
            set->statuses[code] = (unsigned char)verdict;
    return true;
}

static bool set_status(struct retry_set *set, struct slice item, enum retry_verdict verdict)
{
    unsigned long long code;

    if (item.length != 3 || !slice_to_unsigned(item, RETRY_STATUSES - 1, &code) || code < 300)
        return false;
    set->statuses[code] = (unsigned char)verdict;
    return true;
}

static enum retry_verdict take_verdict(struct slice *item)
{
    if (!slice_starts_with(*item, SLICE("!")))
        return RETRY_ALWAYS;
    *item = slice_from(*item, 1);
    return RETRY_NEVER;
}

/* Single statuses first: what they say stays when their hundred follows. */
static bool set_item(struct retry_set *set, struct slice item, enum retry_verdict verdict, bool statuses_are_set)
{
    if (set_status(set, item, verdict) || !statuses_are_set)
        return true;
    return set_hundred(set, item, verdict) || set_class(set, item, verdict);
}

const char *retry_set_parse(struct slice list, struct retry_set *ret_set)
{
    struct retry_set set = {.given = true};

    for (int pass = 0; pass < 2; pass++) {
        struct slice rest = list, item;
        bool more;

        do {
            enum retry_verdict verdict;

            more = slice_cut(rest, ',', &item, &rest);
            item = slice_trim(item);
            verdict = take_verdict(&item);
            if (!set_item(&set, item, verdict, pass > 0))
                return "it must be statuses and classes of error, as in '5xx,429,timeout,connect,!501'";
            if (verdict == RETRY_ALWAYS)
                set.otherwise = RETRY_NEVER;
        } while (more);
    }
    *ret_set = set;
    return NULL;
}

static enum retry_verdict look_up(const struct retry_set *set, const struct failure *failure)
{
    bool has_status = failure->class == FAILURE_HTTP && failure->code > 0 && failure->code < RETRY_STATUSES;

    if (has_status && set->statuses[failure->code] != RETRY_BY_DEFAULT)
        return set->statuses[failure->code];
    if (set->classes[failure->class] != RETRY_BY_DEFAULT)
        return set->classes[failure->class];
    return set->otherwise;
}

bool retry_may_pass(const struct retry_policy *policy, const struct failure *failure)
{
    if (failure->final)
        return false;
    if (policy->all_errors && class_may_pass(failure->class))
        return true;
    switch (look_up(&policy->on, failure)) {
    case RETRY_ALWAYS:
        return true;
    case RETRY_NEVER:
        return false;
    default:
        return failure->transient;
    }
}

static bool may_repeat(const struct retry_policy *policy, const char *method)
{
    static const char *const idempotent[] = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"};

    if (policy->all_errors || policy->on.given)
        return true;
    for (size_t i = 0; i < sizeof idempotent / sizeof *idempotent; i++)
        if (strcmp(idempotent[i], method) == 0)
            return true;
    return false;
}

static int64_t doubled(int64_t delay, unsigned times, int64_t maximum)
{
    while (times-- > 0 && delay > 0 && delay < maximum)
        delay = delay > maximum / 2 ? maximum : 2 * delay;
    return delay < maximum ? delay : maximum;
}

static int64_t choose_wait(const struct retry_policy *policy, const struct retry_situation *situation)
{
    int64_t longest = doubled(policy->delay, situation->attempts - 1, policy->maximum_delay);

    if (situation->server_delay > 0)
        return situation->server_delay < policy->maximum_delay ? situation->server_delay : policy->maximum_delay;
    return (int64_t)(situation->random % ((uint64_t)longest + 1));
}

static bool has_time(int64_t limit, int64_t elapsed, int64_t wait)
{
    return limit == 0 || wait < limit - elapsed;
}

/* Somebody waits for a service to be as it should: any attempt may be the one. */
static bool poll_again(const struct retry_policy *policy, const struct failure *failure,
                       const struct retry_situation *situation, int64_t *ret_wait)
{
    int64_t wait = policy->delay > RETRY_POLL_MINIMUM ? policy->delay : RETRY_POLL_MINIMUM;

    if (failure->final || !class_may_pass(failure->class))
        return false;
    if (situation->server_delay > wait)
        wait = situation->server_delay;
    if (wait >= policy->until - situation->elapsed)
        return false;
    *ret_wait = wait;
    return true;
}

bool retry_decide(const struct retry_policy *policy, const struct failure *failure,
                  const struct retry_situation *situation, int64_t *ret_wait)
{
    int64_t wait;

    if (policy->until > 0)
        return poll_again(policy, failure, situation, ret_wait);
    if (situation->attempts > policy->retries || failure->final || !may_repeat(policy, situation->method))
        return false;
    if (!retry_may_pass(policy, failure) && !situation->elsewhere)
        return false;
    wait = choose_wait(policy, situation);
    if (!has_time(policy->maximum_time, situation->elapsed, wait) ||
        !has_time(policy->maximum_total, situation->elapsed, wait))
        return false;
    *ret_wait = wait;
    return true;
}

bool retry_is_of_place(const struct failure *failure)
{
    return !failure->final && (class_may_pass(failure->class) || failure->class == FAILURE_DENIED);
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

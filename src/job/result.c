#include <haul/job/result.h>

#include <assert.h>
#include <string.h>

const char *result_status_name(enum result_status status)
{
    static const char *const names[] = {
#define X(name, text) text,
        RESULT_STATUSES(X)
#undef X
    };

    assert(status < RESULT_STATUS_COUNT);
    return names[status];
}

void result_init(struct result *result, const struct job *job)
{
    *result = (struct result){.job = job};
}

void result_release(struct result *result)
{
    arena_release(&result->arena);
    *result = (struct result){0};
}

/* The room doubles, so it is used up exactly when the count is a power of two. */
static bool is_full(unsigned count)
{
    return (count & (count - 1)) == 0;
}

struct attempt *result_add_attempt(struct result *result)
{
    unsigned count = result->attempt_count;

    if (is_full(count)) {
        struct attempt *larger = arena_allocate(&result->arena, (count ? 2 * (size_t)count : 1) * sizeof(*larger));

        if (count > 0)
            memcpy(larger, result->attempts, count * sizeof(*larger));
        result->attempts = larger;
    }
    return &result->attempts[result->attempt_count++];
}

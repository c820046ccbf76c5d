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

bool result_status_is_bad(enum result_status status)
{
    return status == RESULT_FAILED || status == RESULT_CANCELLED;
}

void result_init(struct result *result, const struct job *job)
{
    *result = (struct result){.job = job};
}

void result_release(struct result *result)
{
    arena_release(&result->arena);
    arena_release(&result->exchange_arena);
    *result = (struct result){0};
}

void result_begin_attempt(struct result *result)
{
    arena_release(&result->exchange_arena);
    result->exchange = (struct exchange){.content_length = -1};
    result->checks = NULL;
    result->check_count = 0;
}

/* The room doubles, so it is used up exactly when the count is a power of two. */
static bool is_full(unsigned count)
{
    return (count & (count - 1)) == 0;
}

static void make_room(struct result *result)
{
    unsigned count = result->attempts_known;
    struct attempt *larger;

    if (!is_full(count))
        return;
    larger = arena_allocate(&result->arena, (count ? 2 * (size_t)count : 1) * sizeof(*larger));
    if (count > 0)
        memcpy(larger, result->attempts, count * sizeof(*larger));
    result->attempts = larger;
}

static void forget_the_second(struct result *result)
{
    result->attempts_known--;
    memmove(&result->attempts[1], &result->attempts[2], (result->attempts_known - 1) * sizeof *result->attempts);
}

struct attempt *result_add_attempt(struct result *result)
{
    struct attempt *attempt;

    if (result->attempts_known == RESULT_ATTEMPTS_MAXIMUM)
        forget_the_second(result);
    else
        make_room(result);
    attempt = &result->attempts[result->attempts_known++];
    *attempt = (struct attempt){.n = ++result->attempt_count};
    return attempt;
}

/* A name that was not given says what is expected. */
void check_outcome_append(struct text *text, const struct check_outcome *outcome)
{
    text_append_string(text, outcome->name);
    if (!strstr(outcome->name, outcome->expected))
        text_append_format(text, ": %s", outcome->expected);
    text_append_format(text, ", found %s", outcome->found ? outcome->found : "nothing");
}

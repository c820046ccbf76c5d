#include "judging.h"

#include <haul/base/clock.h>
#include <haul/co/thread.h>
#include <haul/disk/output.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define OTHERS_MAXIMUM 32 /* bytes, in the failure, behind the sentence of the first */
#define SENTENCE_SHOWN (FAILURE_MESSAGE_MAXIMUM - OTHERS_MAXIMUM)

/* The notation has no problem: its line would have had one. */
static void open_list(struct work *work)
{
    CLEANUP(text_release) struct text problem = {0};

    if (work->job->checks && !work->checks)
        work->checks = check_list_open(slice_of(work->job->checks), &problem);
}

void judging_begin(struct work *work)
{
    open_list(work);
    text_clear(&work->body);
    work->body_is_too_large = false;
    work->result.check_count = 0;
    if (work->checks)
        work->result.checks =
            check_list_outcomes(work->checks, &work->result.exchange_arena, &work->result.check_count);
}

void judging_note_body(const struct batch_options *options, struct work *work, struct slice bytes)
{
    if (!work->checks || work->body_is_too_large || !check_list_wants_body(work->checks))
        return;
    if (work->body.length + bytes.length <= (size_t)options->check_body_maximum) {
        text_append(&work->body, bytes);
        return;
    }
    text_release(&work->body);
    work->body_is_too_large = true;
}

struct judging {
    struct work *work;
    struct check_evidence evidence;
};

static int judge(void *argument, const struct co_token *token)
{
    struct judging *judging = argument;
    struct work *work = judging->work;

    (void)token;
    check_list_judge(work->checks, &judging->evidence, &work->result.exchange_arena, work->result.checks);
    return 0;
}

static int fail_check(struct failure *failure, const struct check_outcome *outcome, unsigned more)
{
    CLEANUP(text_release) struct text sentence = {0};
    char others[OTHERS_MAXIMUM] = "";

    check_outcome_append(&sentence, outcome);
    if (more > 0)
        snprintf(others, sizeof others, "; %u more failed", more);
    failure_set(failure, FAILURE_CHECK, 0, false, "%.*s%s", SENTENCE_SHOWN, sentence.bytes, others);
    return -EIO;
}

static int tell(const struct result *result, struct failure *failure)
{
    const struct check_outcome *first = NULL;
    unsigned more = 0;

    for (unsigned i = 0; i < result->check_count; i++) {
        if (result->checks[i].verdict != CHECK_FAILED)
            continue;
        more += first != NULL;
        first = first ? first : &result->checks[i];
    }
    return first ? fail_check(failure, first, more) : 0;
}

int judging_conclude(struct co_task *self, const struct batch_options *options, struct work *work,
                     struct failure *failure)
{
    struct judging judging = {.work = work};
    int result;

    if (!work->checks)
        return 0;
    judging.evidence = (struct check_evidence){
        .exchange = &work->result.exchange,
        .body = text_slice(&work->body),
        .body_is_too_large = work->body_is_too_large,
        .body_maximum = options->check_body_maximum,
        .now = clock_wall(),
    };
    result = co_to_thread(self, judge, &judging);
    text_release(&work->body);
    return result < 0 ? result : tell(&work->result, failure);
}

static struct check_outcome *find_digest(const struct work *work)
{
    for (unsigned i = 0; i < work->result.check_count; i++)
        if (work->result.checks[i].verdict == CHECK_UNKNOWN)
            return &work->result.checks[i];
    return NULL;
}

void judging_note_digest(struct work *work, const struct output *output, struct failure *failure)
{
    const char *algorithm, *hex;
    struct check_outcome *outcome;

    if (!work->checks || !check_list_digest(work->checks, &algorithm, &hex))
        return;
    outcome = find_digest(work);
    outcome->found = arena_copy_string(&work->result.exchange_arena, output_digest(output));
    if (!outcome->found)
        return;
    outcome->verdict = strcasecmp(outcome->found, hex) == 0 ? CHECK_HELD : CHECK_FAILED;
    if (failure->class == FAILURE_CHECKSUM && outcome->verdict == CHECK_FAILED)
        fail_check(failure, outcome, 0);
}

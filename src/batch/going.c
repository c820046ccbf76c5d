#include "going.h"
#include "destination.h"
#include "state.h"
#include "verify.h"

#include <haul/job/segments.h>

#include <errno.h>
#include <string.h>

bool going_may_ask_for_parts(const struct batch_options *options, const struct work *work)
{
    return options->mode == BATCH_SAVE && !work->checks && strcmp(work->result.method, "GET") == 0 &&
           !options->content && !work->job->has_data;
}

static bool may_go_on(const struct batch_options *options, const struct work *work)
{
    return options->go_on && going_may_ask_for_parts(options, work);
}

/* Words that are none are those of nobody: everything is asked for. */
static void take_up_gaps(struct work *work, const struct output_version *version)
{
    struct segments *missing = arena_allocate(&work->result.arena, sizeof *missing);

    if (!segments_parse(missing, slice_of(version->missing), version->size))
        return;
    work->missing = missing;
    work->range = (struct range){
        .from = segments_first(missing),
        .validator = version->validator,
        .size = version->size,
    };
}

int going_take_up(struct co_task *self, const struct batch_options *options, struct output *output, struct work *work)
{
    struct output_version version;
    int64_t size;

    if (!output || output_size(output) > 0 || work->known || work->may_begin || !may_go_on(options, work))
        return 0;
    size = output_take_up(self, output, work->asked->text, &work->result.arena, &version);
    if (size > 0 && version.missing)
        take_up_gaps(work, &version);
    else if (size > 0)
        work->range = (struct range){.from = size, .validator = version.validator, .size = version.size};
    return size < 0 ? (int)size : 0;
}

void going_note(const struct batch_options *options, struct output *output, const struct work *work)
{
    const struct exchange *exchange = &work->result.exchange;
    const char *validator = may_go_on(options, work) ? range_validator(exchange) : NULL;

    if (validator && !exchange->expanded)
        output_note_version(output, &(struct output_version){
                                        .url = work->asked->text,
                                        .validator = validator,
                                        .size = exchange->content_length,
                                    });
}

bool going_version(const struct work *work, const char *validator, struct text *words,
                   struct output_version *ret_version)
{
    if (!may_go_on(work->batch->options, work))
        return false;
    segments_print(work->missing, words);
    text_append_byte(words, '\0');
    *ret_version = (struct output_version){
        .url = work->asked->text,
        .validator = validator,
        .size = work->missing->size,
        .missing = words->bytes,
    };
    return true;
}

int going_begin(struct co_task *self, struct output *output, struct work *work, struct failure *failure)
{
    struct error error = {.kind = ERROR_NONE};
    int64_t size = output_take_beginning(self, output, &error);

    if (size < 0)
        return size == -ECANCELED ? -ECANCELED : destination_fail(failure, &error);
    work->range = (struct range){.from = size, .size = -1};
    return size > 0 ? 0 : -ERANGE;
}

bool going_is_proved(struct work *work, struct output *output)
{
    struct output_told told;

    verify_expect_told(work, output);
    return work->job->digest || output_told(output, 0, &told);
}

#include "going.h"

#include <string.h>

/* What comes can be asked for again, and is not judged while it comes. */
static bool may_go_on(const struct batch_options *options, const struct work *work)
{
    return options->go_on && options->mode == BATCH_SAVE && !work->checks && strcmp(work->result.method, "GET") == 0 &&
           !options->content && !work->job->has_data;
}

int going_take_up(struct co_task *self, const struct batch_options *options, struct output *output, struct work *work)
{
    struct output_version version;
    int64_t size;

    if (!output || output_size(output) > 0 || work->known || !may_go_on(options, work))
        return 0;
    size = output_take_up(self, output, work->asked->text, &work->result.arena, &version);
    if (size > 0)
        work->range = (struct range){.from = size, .validator = version.validator, .size = version.size};
    return size < 0 ? (int)size : 0;
}

void going_note(const struct batch_options *options, struct output *output, const struct work *work)
{
    const struct exchange *exchange = &work->result.exchange;
    const char *validator = range_validator(exchange);

    if (validator && !exchange->expanded && may_go_on(options, work))
        output_note_version(output, &(struct output_version){
                                        .url = work->asked->text,
                                        .validator = validator,
                                        .size = exchange->content_length,
                                    });
}

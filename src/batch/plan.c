#include "plan.h"
#include "delivery.h"
#include "destination.h"

#include <errno.h>

static int take_name(struct co_task *self, struct batch *batch, struct work *work)
{
    struct result *result = &work->result;
    struct folder *folder = batch->places->folder;
    struct destination destination = {.folder = folder, .existing = batch->options->existing};
    int opened;

    opened = destination_open(self, &destination, batch->options, NULL, work, &result->failure);
    if (opened < 0)
        return opened;
    result->file.path = arena_copy_string(&result->arena, output_path(destination.output));
    output_close(self, destination.output); /* nothing is written yet */
    folder_claim(folder, folder_name_of(folder, result->file.path));
    return 0;
}

int plan_deliver(struct co_task *self, struct batch *batch, struct work *work)
{
    const struct batch_options *options = batch->options;
    int result = 0;

    if (options->mode == BATCH_SAVE && !destination_is_named_by_server(options, work))
        result = take_name(self, batch, work);
    if (result == -ECANCELED)
        return delivery_stopped(self, work);
    if (result == -EIO)
        return delivery_failed(self, work);
    if (result == 0)
        work->result.reason = "dry-run";
    return delivery_skipped(self, work);
}

#include "hop.h"

static int64_t ready_at(const struct batch *batch, const char *origin)
{
    int64_t run = batch->options->rate.count > 0 ? rate_ready(&batch->rate, &batch->options->rate) : 0;
    int64_t here = origins_ready(&batch->origins, origin);

    return run > here ? run : here;
}

/* Others may have been faster when the moment has come. */
int hop_wait(struct co_task *self, void *context, const char *origin)
{
    struct work *work = context;
    struct batch *batch = work->batch;
    int64_t ready;

    while ((ready = ready_at(batch, origin)) > co_now()) {
        int result = co_sleep_until(self, ready);

        if (result < 0)
            return result;
    }
    if (batch->options->rate.count > 0)
        rate_note_start(&batch->rate, &batch->options->rate, co_now());
    origins_note_start(&batch->origins, origin);
    return 0;
}

#include "pause.h"

#include <haul/base/clock.h>
#include <haul/job/quota.h>
#include <haul/job/retry_after.h>

int64_t pause_wanted(const struct exchange *exchange)
{
    int64_t delay;

    if (exchange->response_code != 429 && exchange->response_code != 503)
        return 0;
    if (!retry_after_parse(exchange_header(exchange, "retry-after"), exchange_header(exchange, "date"), clock_wall(),
                           &delay))
        return 0;
    return delay;
}

/* Where there is a Retry-After, it counts for more than the quota. */
static int64_t rest_of(const struct exchange *exchange)
{
    int64_t wanted = pause_wanted(exchange);

    if (wanted == 0)
        quota_is_used_up(exchange, &wanted);
    return wanted;
}

void pause_heed_answer(struct batch *batch, const struct exchange *exchange, const char *origin)
{
    int64_t rest = rest_of(exchange), longest = batch->options->retry.maximum_delay;

    if (rest > longest)
        rest = longest;
    if (rest <= 0)
        return;
    if (origins_pause(&batch->origins, origin, co_after(rest)) && batch->places->on_pause)
        batch->places->on_pause(batch->places->listener, origin, rest);
}

void pause_heed(struct work *work)
{
    pause_heed_answer(work->batch, &work->result.exchange, work_answering_origin(work));
}

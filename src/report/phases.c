#include "phases.h"

static int64_t later(int64_t moment, int64_t than)
{
    return moment > than ? moment : than;
}

static int64_t *unfinished(struct phases *phases, const struct exchange *exchange)
{
    if (exchange->time.start_transfer > 0)
        return &phases->body;
    if (exchange->time.pre_transfer > 0)
        return &phases->first_byte;
    if (exchange->time.connect > 0)
        return &phases->tls;
    return exchange->time.name_lookup > 0 ? &phases->connect : &phases->lookup;
}

struct phases phases_of(const struct exchange *exchange)
{
    bool connects = exchange->num_connects > exchange->redirected.num_connects;
    int64_t looked_up = later(exchange->time.name_lookup, 0);
    int64_t connected = connects ? later(exchange->time.connect, looked_up) : looked_up;
    int64_t secured = connects ? later(exchange->time.app_connect, connected) : connected;
    int64_t asked = later(exchange->time.pre_transfer, secured);
    int64_t answered = later(exchange->time.start_transfer, asked);
    struct phases phases = {
        .lookup = looked_up,
        .connect = connected - looked_up,
        .tls = secured - connected,
        .blocked = asked - secured,
        .first_byte = answered - asked,
    };

    *unfinished(&phases, exchange) += later(exchange->time.total, answered) - answered;
    return phases;
}

int64_t phases_sum(const struct phases *phases)
{
    return phases->lookup + phases->connect + phases->tls + phases->blocked + phases->first_byte + phases->body;
}

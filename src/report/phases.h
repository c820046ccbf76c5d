/* phases.h - the time of a job's last attempt, cut into what it waited for. */
#pragma once

#include <haul/job/exchange.h>

#include <stdint.h>

/* Nanoseconds that add up to the time of the exchange.  An attempt that ended early spent its last while in the phase
 * that it did not get through. */
struct phases {
    int64_t lookup, connect, tls;
    int64_t blocked; /* between a connection and the request */
    int64_t first_byte, body;
};

struct phases phases_of(const struct exchange *exchange);
int64_t phases_sum(const struct phases *phases);

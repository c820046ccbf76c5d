#include <haul/job/exchange.h>

#include <stddef.h>

const char *exchange_header(const struct exchange *exchange, const char *name)
{
    for (unsigned i = 0; i < exchange->header_count; i++)
        if (header_has_name(&exchange->headers[i], name))
            return exchange->headers[i].value;
    return NULL;
}

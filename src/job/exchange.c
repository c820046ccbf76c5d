#include <haul/job/exchange.h>

#include <stddef.h>
#include <string.h>

const char *exchange_header(const struct exchange *exchange, const char *name)
{
    for (unsigned i = 0; i < exchange->header_count; i++)
        if (strcmp(exchange->headers[i].name, name) == 0)
            return exchange->headers[i].value;
    return NULL;
}

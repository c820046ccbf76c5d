#include "said.h"
#include "transfer.h"

#include <string.h>

bool is_same_header(const char *one, const char *other)
{
    return slice_equal_ignoring_case((struct slice){one, strcspn(one, ":;")},
                                     (struct slice){other, strcspn(other, ":;")});
}

bool is_among_headers(const char *headers, const char *header)
{
    for (; headers && *headers; headers += strlen(headers) + 1)
        if (is_same_header(headers, header))
            return true;
    return false;
}

bool user_says(const struct http_transfer *transfer, const char *header)
{
    if (is_among_headers(transfer->request.headers, header))
        return true;
    for (const struct curl_slist *all = transfer->client->headers; all; all = all->next)
        if (is_same_header(all->data, header))
            return true;
    return false;
}

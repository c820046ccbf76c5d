#include "said.h"
#include "transfer.h"

#include <string.h>

static bool is_same_header(const char *one, const char *other)
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

bool is_in_list(const struct curl_slist *headers, const char *header)
{
    for (; headers; headers = headers->next)
        if (is_same_header(headers->data, header))
            return true;
    return false;
}

bool user_says(const struct http_transfer *transfer, const char *header)
{
    return is_among_headers(transfer->request.headers, header) || is_in_list(transfer->client->headers, header);
}

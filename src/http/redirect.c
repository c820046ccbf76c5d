#include "redirect.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

bool redirect_is(int response_code)
{
    return response_code == 301 || response_code == 302 || response_code == 303 || response_code == 307 ||
           response_code == 308;
}

const char *redirect_method(int response_code, const char *method)
{
    bool becomes_get = (response_code == 303 && strcmp(method, "HEAD") != 0) ||
                       ((response_code == 301 || response_code == 302) && strcmp(method, "POST") == 0);

    return becomes_get ? "GET" : method;
}

bool redirect_is_content_header(const char *header)
{
    return strncasecmp(header, "Content-", strlen("Content-")) == 0;
}

bool redirect_keeps_header(const char *header)
{
    static const struct slice harmless[] = {
        SLICE("Accept"),        SLICE("Accept-Charset"), SLICE("Accept-Encoding"), SLICE("Accept-Language"),
        SLICE("Cache-Control"), SLICE("Pragma"),         SLICE("User-Agent"),
    };
    struct slice name = {header, strcspn(header, ":;")};

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (slice_equal_ignoring_case(slice_trim(name), harmless[i]))
            return true;
    return false;
}

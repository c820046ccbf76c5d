#include <haul/base/memory.h>
#include <haul/http/libraries.h>

#include <curl/curl.h>
#include <stdlib.h>
#include <uv.h>

int libraries_begin(struct error *error)
{
    if (uv_replace_allocator(memory_malloc, memory_realloc, memory_calloc, free) < 0)
        return fail(error, ERROR_SYSTEM, 0, "libuv does not start");
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_malloc, free, memory_realloc, memory_copy_string,
                             memory_calloc) != CURLE_OK)
        return fail(error, ERROR_SYSTEM, 0, "libcurl does not start");
    return 0;
}

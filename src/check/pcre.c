#include "pcre.h"

#include <haul/base/library.h>

#include <stddef.h>

struct pcre pcre;

const char *pcre_open(void)
{
    static const struct library_function functions[] = {
#define X(name) {"pcre2_" #name "_8", (void **)&pcre.name},
        PCRE_FUNCTIONS(X)
#undef X
            {NULL, NULL},
    };

    return pcre.compile ? NULL : library_open("libpcre2-8.so.0", functions);
}

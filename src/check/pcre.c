#include "pcre.h"

#include <dlfcn.h>
#include <stddef.h>

#define LIBRARY "libpcre2-8.so.0"

struct pcre pcre;

const char *pcre_open(void)
{
    void *library = pcre.compile ? NULL : dlopen(LIBRARY, RTLD_NOW);
    struct pcre found;

    if (pcre.compile)
        return NULL;
    if (!library)
        return dlerror();
#define X(function)                                                                                                    \
    found.function = (__typeof__(found.function))dlsym(library, "pcre2_" #function "_8");                              \
    if (!found.function)                                                                                               \
        return dlerror();
    PCRE_FUNCTIONS(X)
#undef X
    pcre = found;
    return NULL;
}

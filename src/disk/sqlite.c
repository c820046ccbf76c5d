#include "sqlite.h"

#include <dlfcn.h>
#include <stddef.h>

#define LIBRARY "libsqlite3.so.0"

struct sqlite sqlite;

const char *sqlite_open(void)
{
    void *library = sqlite.open_v2 ? NULL : dlopen(LIBRARY, RTLD_NOW);
    struct sqlite found;

    if (sqlite.open_v2)
        return NULL;
    if (!library)
        return dlerror();
#define X(function)                                                                                                    \
    found.function = (__typeof__(found.function))dlsym(library, "sqlite3_" #function);                                 \
    if (!found.function)                                                                                               \
        return dlerror();
    SQLITE_FUNCTIONS(X)
#undef X
    sqlite = found;
    return NULL;
}

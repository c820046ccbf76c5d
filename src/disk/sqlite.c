#include "sqlite.h"

#include <haul/base/library.h>

#include <stddef.h>

struct sqlite sqlite;

const char *sqlite_open(void)
{
    static const struct library_function functions[] = {
#define X(name) {"sqlite3_" #name, (void **)&sqlite.name},
        SQLITE_FUNCTIONS(X)
#undef X
            {NULL, NULL},
    };

    return sqlite.open_v2 ? NULL : library_open("libsqlite3.so.0", functions);
}

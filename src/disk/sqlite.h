/* sqlite.h - SQLite, opened when a cache is (library.h).  Functions are called as sqlite.exec(...). */
#pragma once

#include <sqlite3.h>

#define SQLITE_FUNCTIONS(X)                                                                                            \
    X(bind_blob)                                                                                                       \
    X(bind_int64)                                                                                                      \
    X(bind_text)                                                                                                       \
    X(busy_timeout)                                                                                                    \
    X(clear_bindings)                                                                                                  \
    X(close)                                                                                                           \
    X(column_int64)                                                                                                    \
    X(column_text)                                                                                                     \
    X(errcode)                                                                                                         \
    X(errmsg)                                                                                                          \
    X(exec)                                                                                                            \
    X(finalize)                                                                                                        \
    X(open_v2)                                                                                                         \
    X(prepare_v2)                                                                                                      \
    X(prepare_v3)                                                                                                      \
    X(reset)                                                                                                           \
    X(sleep)                                                                                                           \
    X(step)                                                                                                            \
    X(system_errno)

struct sqlite {
#define X(name) __typeof__(sqlite3_##name) *name;
    SQLITE_FUNCTIONS(X)
#undef X
};

extern struct sqlite sqlite; /* all NULL until it is opened */

/* On a thread, by one at a time.  NULL, or why it cannot be used, as library_open. */
const char *sqlite_open(void);

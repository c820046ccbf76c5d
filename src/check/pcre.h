/* pcre.h - PCRE2, opened when the first pattern is (library.h).  Functions are called as pcre.compile(...). */
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define PCRE_FUNCTIONS(X)                                                                                              \
    X(code_free)                                                                                                       \
    X(compile)                                                                                                         \
    X(compile_context_create)                                                                                          \
    X(compile_context_free)                                                                                            \
    X(get_error_message)                                                                                               \
    X(match)                                                                                                           \
    X(match_context_create)                                                                                            \
    X(match_context_free)                                                                                              \
    X(match_data_create)                                                                                               \
    X(match_data_free)                                                                                                 \
    X(set_callout)                                                                                                     \
    X(set_depth_limit)                                                                                                 \
    X(set_heap_limit)                                                                                                  \
    X(set_match_limit)                                                                                                 \
    X(set_parens_nest_limit)

struct pcre {
#define X(name) __typeof__(pcre2_##name) *name;
    PCRE_FUNCTIONS(X)
#undef X
};

extern struct pcre pcre; /* all NULL until it is opened */

/* NULL, or why it cannot be used, as library_open. */
const char *pcre_open(void);

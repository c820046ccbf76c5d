/* cleanup.h - release by scope, hand over by name.
 *
 *     CLEANUP(output_close) struct output *output = NULL;
 *     ...
 *     *ret_output = STEAL(output);
 *
 * CLEANUP_FUNCTION(output_close, struct output *) makes output_close usable with CLEANUP: it runs when the
 * enclosing block is left, by any road, last in, first out.  Closers accept NULL, so a stolen pointer is safe.
 */
#pragma once

#include <stddef.h>

#define CLEANUP(closer) __attribute__((cleanup(closer##_cleanup)))

#define CLEANUP_FUNCTION(closer, type)                                                                                 \
    static inline void closer##_cleanup(type *pointer)                                                                 \
    {                                                                                                                  \
        closer(*pointer);                                                                                              \
    }

/* For values embedded in the frame: the closer takes their address. */
#define CLEANUP_VALUE(closer, type)                                                                                    \
    static inline void closer##_cleanup(type *value)                                                                   \
    {                                                                                                                  \
        closer(value);                                                                                                 \
    }

#define STEAL(pointer)                                                                                                 \
    __extension__({                                                                                                    \
        __typeof__(pointer) stolen_ = (pointer);                                                                       \
        (pointer) = NULL;                                                                                              \
        stolen_;                                                                                                       \
    })

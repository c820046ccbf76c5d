/* export.h - what stands between these two words in a header is the library's to give: visible, and C in C++. */
#pragma once

#ifdef __cplusplus
#define CO_EXPORT_BEGIN                                                                                                \
    extern "C" {                                                                                                       \
    _Pragma("GCC visibility push(default)")
#define CO_EXPORT_END                                                                                                  \
    _Pragma("GCC visibility pop")                                                                                      \
    }
#else
#define CO_EXPORT_BEGIN _Pragma("GCC visibility push(default)")
#define CO_EXPORT_END   _Pragma("GCC visibility pop")
#endif

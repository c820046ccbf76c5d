/* memory.h - allocation that does not return on failure.
 *
 * Everything haul holds is bounded by its options, so running out of memory is no ordinary event.  These print one
 * line, "haul: out of memory (N bytes)", and end the process with status 5; nothing partial stands under a final name
 * because only whole files are ever renamed.  The coroutine layer, being a library, does not use them: it returns
 * -ENOMEM.
 */
#pragma once

#include <stddef.h>

void *memory_allocate(size_t size) __attribute__((malloc, returns_nonnull));  /* zeroed; free() it */
void *memory_resize(void *old, size_t size) __attribute__((returns_nonnull)); /* as realloc, size > 0 */
char *memory_copy_string(const char *string) __attribute__((malloc, returns_nonnull));

/* The functions that they are called after, for libraries that ask whom they are told to ask; of no bytes too. */
void *memory_malloc(size_t size) __attribute__((malloc, returns_nonnull));
void *memory_calloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *memory_realloc(void *old, size_t size) __attribute__((returns_nonnull));

void memory_exhausted(size_t size) __attribute__((noreturn));

#include <haul/base/memory.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_CODE_LOCAL_FAILURE 5
#define KEPT_BY_THREAD          1024 /* at most: larger blocks are not in glibc's cache of a thread */

/* glibc's calloc, before 2.41, takes nothing from the cache of the thread that free() fills. */
void *memory_allocate(size_t size)
{
    if (size > KEPT_BY_THREAD) {
        void *memory = calloc(1, size);

        if (!memory)
            memory_exhausted(size);
        return memory;
    }
    return memset(memory_malloc(size), 0, size);
}

void *memory_resize(void *old, size_t size)
{
    void *memory = realloc(old, size);

    if (!memory)
        memory_exhausted(size);
    return memory;
}

char *memory_copy_string(const char *string)
{
    size_t size = strlen(string) + 1;

    return memcpy(memory_malloc(size), string, size);
}

void *memory_malloc(size_t size)
{
    void *memory = malloc(size > 0 ? size : 1);

    if (!memory)
        memory_exhausted(size);
    return memory;
}

void *memory_calloc(size_t count, size_t size)
{
    size_t product;

    if (__builtin_mul_overflow(count, size, &product))
        memory_exhausted(SIZE_MAX);
    return memory_allocate(product);
}

void *memory_realloc(void *old, size_t size)
{
    return memory_resize(old, size > 0 ? size : 1);
}

void memory_exhausted(size_t size)
{
    char line[64];
    int length = snprintf(line, sizeof(line), "haul: out of memory (%zu bytes)\n", size);
    ssize_t written = write(STDERR_FILENO, line, (size_t)length);

    (void)written;
    _exit(EXIT_CODE_LOCAL_FAILURE);
}

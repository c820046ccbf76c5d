/* hash.h - uthash's tables, whose memory does not run out (memory.h): by itself uthash would end the process unheard.
 */
#pragma once

#include <haul/base/memory.h>

#include <stdlib.h>

#define uthash_malloc(size)       memory_malloc(size)
#define uthash_free(memory, size) free(memory)

#include <uthash.h>

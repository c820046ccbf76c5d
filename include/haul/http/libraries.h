/* libraries.h - how libcurl and libuv begin. */
#pragma once

#include <haul/base/error.h>

/* Before anything else of either.  What they ask for from then on is there, or the process ends as memory.h says: libuv
 * would abort in places, and libcurl take a lack of memory for other failures. */
int libraries_begin(struct error *error);

/* content_file.h - a file that requests carry. */
#pragma once

#include <haul/base/arena.h>
#include <haul/http/content.h>

#include <stdbool.h>

/* A file with a size is read when it is sent, however large.  What can be read only once, as a pipe or "-", standard
 * input, is read here, up to CONTENT_MAXIMUM (request.h), because every URL, retry and redirect wants it.
 * False with *ret_problem, a sentence. */
bool content_file_take(struct arena *arena, const char *path, struct http_part *ret_part, const char **ret_problem);

/* argument_file.h - the "@FILE" of an option: read whole, before the run, up to a limit. */
#pragma once

#include <haul/base/text.h>

/* Appends the bytes of the file; "-" is standard input.  False with a sentence, in the text's stead, when it cannot be
 * read or has more than `maximum` bytes. */
bool argument_file_read(const char *path, size_t maximum, struct text *bytes, const char **ret_problem);

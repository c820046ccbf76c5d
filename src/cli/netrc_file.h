/* netrc_file.h - the file of --netrc and its like, read once, before the run: libcurl would read it for each transfer,
 * on the loop's thread. */
#pragma once

#include <haul/cli/options.h>

/* Reads it where it is asked for, blocking, and says in options->warning when others can read it too.  ERROR_USAGE. */
int netrc_file_read(struct options *options, struct error *error);

/* note.h - what a part file tells of its bytes to a later run: an extended attribute, so that it comes and goes with
 * the file and neither can be taken for another's.  Where the file system has none, no later run goes on.  System calls
 * only, for threads.
 */
#pragma once

#include <haul/disk/output.h>

#include <stdbool.h>

#define NOTE_MAXIMUM 2048

/* Of whose bytes the file has the beginning; the caller's to free. */
char *note_of(const struct output_version *version);

bool note_write(int fd, const char *note);
void note_remove(int fd);

/* The note of that file, if it is on bytes of the URL; `bytes` are what the strings of the version lie in. */
bool note_read(int fd, const char *url, char bytes[static NOTE_MAXIMUM], struct output_version *ret_version);

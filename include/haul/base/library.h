/* library.h - a shared library that is opened when it is needed: one that few runs need lengthens the start of each
 * when the program is linked with it.
 */
#pragma once

struct library_function {
    const char *name; /* in the library; NULL ends them */
    void **place;     /* of the pointer to it */
};

/* Fills in all of the places, or none.  NULL, or why it cannot be used; good until the next call.  Blocks. */
const char *library_open(const char *file, const struct library_function *functions);

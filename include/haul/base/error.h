/* error.h - an error is data: a kind for the program, a code for the log, a sentence for the person.
 *
 *     if (fd < 0)
 *         return fail(error, ERROR_DISK, errno, "cannot open '%s': %s", path, strerror(errno));
 *
 * The sentence is lower case, has its subject in quotes and no full stop, and says what was tried before why it
 * failed.  Functions that can fail take a struct error last, return 0 or a negative errno, and set the error only
 * when they fail.  Libraries never print; main does.
 */
#pragma once

enum error_kind {
    ERROR_NONE,
    ERROR_USAGE,  /* the command line or a configuration is wrong */
    ERROR_INPUT,  /* an input could not be read */
    ERROR_DISK,   /* a local file or folder */
    ERROR_REPORT, /* a report could not be written, stdout included */
    ERROR_SYSTEM, /* the machine: descriptors, threads, a library that would not start */
};

#define ERROR_MESSAGE_MAXIMUM 512

struct error {
    enum error_kind kind;
    int code; /* errno, positive; 0 when none fits */
    char message[ERROR_MESSAGE_MAXIMUM];
};

/* Fills the error (which may be NULL) and returns -code, or -EINVAL when code is 0.  A message that is too long is cut.
 * The old message may be among the arguments, so that a caller can say what it was doing. */
int fail(struct error *error, enum error_kind kind, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

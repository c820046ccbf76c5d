/* failure.h - why an attempt did not give what was asked for: a class for scripts, a code, a sentence.
 *
 * The classes are those of the record, `error.class` in haul-report(5).
 */
#pragma once

#include <stdbool.h>

#define FAILURE_CLASSES(X)                                                                                             \
    X(NONE, "none")                                                                                                    \
    X(INPUT, "input")         /* the line or URL is not usable */                                                      \
    X(DNS, "dns")             /* the name has no address */                                                            \
    X(CONNECT, "connect")     /* no connection, or lost before an answer */                                            \
    X(TLS, "tls")             /* the secure connection was refused by either side */                                   \
    X(TIMEOUT, "timeout")     /* a time limit ran out */                                                               \
    X(STALL, "stall")         /* bytes stopped coming */                                                               \
    X(HTTP, "http")           /* a status of 400 or above, or not accepted */                                          \
    X(REDIRECT, "redirect")   /* too many, or to a place that is not allowed */                                        \
    X(PROTOCOL, "protocol")   /* an answer that is not valid HTTP, or not to our question */                           \
    X(PARTIAL, "partial")     /* the body ended early */                                                               \
    X(CHECKSUM, "checksum")   /* the digest is another */                                                              \
    X(SIZE, "size")           /* the size is another, or above the maximum */                                          \
    X(CHECK, "check")         /* a check of the job did not hold */                                                    \
    X(DISK, "disk")           /* a local file or folder */                                                             \
    X(DENIED, "denied")       /* forbidden by an option */                                                             \
    X(CANCELLED, "cancelled") /* stopped by us */                                                                      \
    X(INTERNAL, "internal")   /* out of some resource, or a defect */

enum failure_class {
#define X(name, text) FAILURE_##name,
    FAILURE_CLASSES(X)
#undef X
        FAILURE_CLASS_COUNT,
};

#define FAILURE_MESSAGE_MAXIMUM 256

struct failure {
    enum failure_class class;
    int code;       /* http: the status; disk: errno; else curl's code; 0 when none fits */
    int exit_code;  /* what curl would have exited with: `exitcode` of the record */
    bool transient; /* the same question may be answered later */
    bool final;     /* asking again is out of the question */
    char message[FAILURE_MESSAGE_MAXIMUM];
};

const char *failure_class_name(enum failure_class class);

/* Fills the failure and returns false, so that a step can end with `return failure_set(...)`.  Where `code` is not
 * curl's own, the exit code is curl's for the class.  A message that is too long is cut; the old one may be among the
 * arguments. */
bool failure_set(struct failure *failure, enum failure_class class, int code, bool transient, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

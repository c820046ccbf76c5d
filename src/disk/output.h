/* output.h - the insides of an output, for the files that make it: output.c, and scattered.c for bytes that come in any
 * order.
 */
#pragma once

#include "digest.h"
#include "expectation.h"
#include "part.h"

#include <haul/co/thread.h>
#include <haul/disk/output.h>

struct output {
    struct folder *folder; /* NULL: standard output */
    char *name;            /* in the folder */
    uint64_t first_name;   /* kept too until the end: the part file is called after it */
    char *path;            /* for people */
    struct part part;
    char *note;            /* for a later run, or NULL */
    bool noted;            /* in the part file */
    const char *algorithm; /* of the next; NULL: none */
    struct digest *digest;
    char hex[DIGEST_HEX_SIZE];
    int64_t size;   /* bytes that are there */
    bool scattered; /* not all from the beginning on: what is computed of them is read at the end */
    struct expectations expectations;
    bool goes_nowhere;
    bool broken; /* some bytes are missing */
    bool whole;  /* the last bytes are written and digested */
    bool published;
    bool sync;
    bool has_time;
    int64_t time;               /* for the file to have */
    bool may_replace, replaces; /* there is something to replace */
    bool repeats;               /* it should be the same: of the run that this one goes on with */
};

/* A piece of work for a thread. */
struct step {
    struct output *output;
    struct slice bytes;
    int64_t at;
    char *note;
    bool noted;
    bool more_follows;
    const char *name;
    struct error *error;
};

/* The step's error: what could not be done to the file. */
int output_fail(const struct step *step, const char *verb, int result);

int output_refuse_broken(const struct output *output, struct error *error);

/* On a thread: the part file is made, when it is not there. */
int output_make_part(const struct step *step);

/* On a thread: reads all bytes, and feeds what is to be computed of them. */
int scattered_read(const struct step *step, const struct co_token *token);

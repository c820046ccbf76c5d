/* output.h - the insides of an output, for the files that make it:
 *
 *     output.c      its name, and what its owner waits for
 *     step.c        what threads do for it meanwhile
 *     scattered.c   bytes that come in any order
 *     beginning.c   bytes that are there under the final name
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

int output_refuse_broken(const struct output *output, struct error *error);

#include "foreign.h"

#include <stddef.h>

#define CACHE  "'--cache FILE' fetches only what has changed"
#define CHECKS "checks of an answer stand in the list, see CHECKS in haul-input(5)"
#define HEAD   "'--check -X HEAD' asks so"
#define KEEP   "'--if-exists skip' leaves files that are there alone"

struct pair {
    const char *theirs, *ours;
};

static const char *find(const struct pair *pairs, struct slice theirs)
{
    for (; pairs->theirs; pairs++)
        if (slice_equal(slice_of(pairs->theirs), theirs))
            return pairs->ours;
    return NULL;
}

const char *foreign_name(struct slice theirs)
{
    static const struct pair NAMES[] = {
        {"bearer", "oauth2-bearer"},
        {"directory-prefix", "output-dir"},
        {"dir", "output-dir"},
        {"input-file", "input"},
        {"max-concurrent-downloads", "jobs"},
        {"max-threads", "jobs"},
        {"max-tries", "retry"},
        {"out", "output"},
        {"output-document", "output"},
        {"split", "segments"},
        {"timeout", "max-time"},
        {"tries", "retry"},
        {NULL, NULL},
    };

    return find(NAMES, theirs);
}

const char *foreign_hint(struct slice theirs)
{
    static const struct pair HINTS[] = {
        {"I", HEAD},
        {"K", "'-i FILE' reads a list, '--config FILE' options, as JSON"},
        {"N", CACHE},
        {"z", CACHE},
        {"assert", CHECKS},
        {"checks", CHECKS},
        {"clobber", "'--if-exists overwrite' replaces files"},
        {"etag-compare", CACHE},
        {"etag-save", CACHE},
        {"expect", CHECKS},
        {"head", HEAD},
        {"no-clobber", KEEP},
        {"skip-existing", KEEP},
        {"time-cond", CACHE},
        {"timestamping", CACHE},
        {"wait", "'--rate N/s' says how often is asked"},
        {NULL, NULL},
    };

    return find(HINTS, theirs);
}

/* leftover.h - the part file that another run has left, to go on with.  On threads. */
#pragma once

#include "digest.h"
#include "expectation.h"
#include "note.h"
#include "part.h"

#include <haul/co/thread.h>

struct leftover {
    const char *url;       /* that its bytes must be of */
    struct digest *digest; /* to be fed with them, or NULL */
    struct expectations *expectations;
    char note[NOTE_MAXIMUM];
    struct output_version version; /* lies in the note */
};

/* Opens it, at its end, as the part of that name.  Gives how many bytes are there; 0: nothing to go on with. */
int64_t leftover_take_up(struct leftover *leftover, struct part *part, const struct folder *folder, const char *name,
                         const struct co_token *token);

/* segmented.h - the body of one file, brought by several connections (segments.h).
 *
 * The first answer is read as any other, and shows whether there is something to share: a strong ETag, a size that is
 * worth it, and a server that says that it gives parts.  Then, as long as permits of the run and of its origin are free
 * and nothing else waits there, other connections ask for the second half of what is missing, of just that version.
 * When one of them fails no more are opened; what it has not brought goes back to the others, in the end to the first
 * answer, which is that of everything.
 *
 * An attempt that fails leaves a file with gaps.  The next one, and with --continue another run, brings only them.
 */
#pragma once

#include "destination.h"

/* Is the rest of this answer better brought so?  Also where only one connection may be used and there are gaps. */
bool segmented_is_wanted(const struct batch_options *options, const struct http_transfer *transfer,
                         const struct work *work);

/* The bytes of the file are there: 0.  -ECANCELED; -EIO with the failure; -ERANGE: the server has another version now,
 * so ask for everything.  Closes the transfer, which is NULL then, with the exchange whole. */
int segmented_copy(struct co_task *self, struct http_transfer **transfer, struct destination *destination,
                   struct work *work, struct failure *failure);

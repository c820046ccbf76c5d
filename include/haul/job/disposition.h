/* disposition.h - the file name that a server suggests with Content-Disposition (RFC 6266, RFC 8187).
 *
 * `filename*` goes first when it is valid: UTF-8 or ISO-8859-1, percent-encoded.  Else `filename`, quoted or not, which
 * is taken as it stands: a '%' in it is a '%'.  Of several parameters with one name the first counts.  A disposition
 * type that is missing or unknown does no harm.  What is not well formed suggests nothing.
 */
#pragma once

#include <haul/base/arena.h>
#include <haul/base/slice.h>
#include <haul/job/naming.h>

/* One safe name (naming_from_server), or NULL when the header suggests none. */
const char *disposition_name(struct arena *arena, struct slice header, enum naming_reason *ret_reason);

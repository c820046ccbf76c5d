/* range.h - going on where a body was cut.  Decides; asks nobody.
 *
 * The rest of a body is asked for with Range, and with If-Range so that the server sends it only when the whole is
 * still the same (RFC 9110, 13.1.5 and 14).  What comes back is believed only when it says itself that it is just that
 * rest of just that version, to its end: two versions are never put together.  The same goes for a part from within.
 */
#pragma once

#include <haul/base/slice.h>
#include <haul/job/exchange.h>

#include <stdbool.h>
#include <stdint.h>

#define RANGE_VALIDATOR_MAXIMUM 1024 /* bytes; a longer ETag is not worth keeping */

struct range {
    int64_t from;          /* bytes that are there; 0: everything is wanted */
    int64_t to;            /* the last byte that is wanted; 0: that of the whole */
    const char *validator; /* of them: an ETag with its quotes, or a date; NULL: something else has to prove them */
    int64_t size;          /* of the whole as it was announced; -1: it was not */
};

/* The headers of an answer that count; NULL and -1 where there is none. */
struct range_answer {
    const char *content_range, *etag, *last_modified;
    int64_t content_length;
};

/* What proves later that a body is still the same: a strong ETag, or else a Last-Modified that is strong because the
 * answer came at least a second after it (RFC 9110, 8.8.2.2).  NULL: nothing does, or the server takes no ranges. */
const char *range_validator(const struct exchange *exchange);

/* The ETag, where the server says that it gives parts and the tag proves them to be of one version; NULL: it does not.
 */
const char *range_tag_of_parts(const struct exchange *exchange);

/* Why a 206 is not the part that was asked for, as a sentence; NULL when it is. */
const char *range_problem(const struct range *range, const struct range_answer *answer);

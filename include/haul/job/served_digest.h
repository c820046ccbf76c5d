/* served_digest.h - what an answer says of the digest of its body.  Reads; computes nothing.
 *
 * Content-MD5 (RFC 2616, 14.15) and Content-Digest (RFC 9530) are of what the answer brings, Digest (RFC 3230) and
 * Repr-Digest (RFC 9530) of the whole that it is or is a part of.  Of an answer with status 200 and no
 * Content-Encoding all four are of the file, of a 206 the latter two; nothing is said of other answers.
 */
#pragma once

#include <haul/job/exchange.h>

#include <stddef.h>

#define SERVED_DIGESTS_MAXIMUM 4
#define SERVED_DIGEST_HEX_SIZE (2 * 64 + 1)

struct served_digest {
    const char *header;    /* "Repr-Digest" */
    const char *algorithm; /* as libcrypto knows it: "sha256" */
    char hex[SERVED_DIGEST_HEX_SIZE];
};

/* How many there are.  Algorithms that are not known, and values that cannot be digests, are passed over, and so is
 * what says the same once more. */
size_t served_digests(const struct exchange *exchange, struct served_digest digests[static SERVED_DIGESTS_MAXIMUM]);

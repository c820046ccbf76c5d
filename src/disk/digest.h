/* digest.h - digests by libcrypto, computed as bytes are written. */
#pragma once

#include <haul/base/slice.h>

#define DIGEST_HEX_SIZE (2 * 64 + 1) /* EVP_MAX_MD_SIZE */

struct digest;

struct digest *digest_open(const char *algorithm); /* NULL: there is none of that name */
void digest_add(struct digest *digest, struct slice bytes);
void digest_restart(struct digest *digest);
void digest_finish(struct digest *digest, char hex[static DIGEST_HEX_SIZE]);
void digest_close(struct digest *digest); /* NULL is fine */

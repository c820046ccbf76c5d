/* expectation.h - the digests that the bytes of an output are to have: those that are demanded, and those that an
 * answer told of them. */
#pragma once

#include "digest.h"

#include <haul/co/thread.h>
#include <haul/disk/output.h>

#include <stdbool.h>

struct expectation {
    char *source; /* the header that told it; NULL: it was demanded */
    char *algorithm, *hex;
    struct digest *digest;        /* NULL: the output's own will do */
    char actual[DIGEST_HEX_SIZE]; /* when the bytes are whole */
};

/* Starts as all zero. */
struct expectations {
    struct expectation items[OUTPUT_EXPECTATIONS_MAXIMUM];
    unsigned count;
};

/* `computed_anyway` is the algorithm of the output's own digest, or NULL.  What is above the maximum is not looked at.
 */
void expectations_add(struct expectations *expectations, const char *source, const char *algorithm, const char *hex,
                      const char *computed_anyway);
void expectations_forget_told(struct expectations *expectations);
void expectations_release(struct expectations *expectations);

void expectations_add_bytes(struct expectations *expectations, struct slice bytes);

/* Feeds them and the output's own digest, or NULL, with so many bytes of a file, from where it stands.  0, -ECANCELED,
 * or another negative errno; -EIO when there are fewer. */
int expectations_read(struct expectations *expectations, struct digest *own, int fd, int64_t size,
                      const struct co_token *token);

void expectations_restart(struct expectations *expectations);

/* The bytes are whole, `own` is the output's digest: the first that they do not meet, or NULL. */
const struct expectation *expectations_finish(struct expectations *expectations, const char *own);

/* What was told, from 0; false when there is no more. */
bool expectations_told(const struct expectations *expectations, unsigned number, struct output_told *ret_told);

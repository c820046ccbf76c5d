/* expectation.h - a digest that the bytes of an output are to have. */
#pragma once

#include "digest.h"

#include <stdbool.h>

struct expectation {
    char *source; /* the header that told it; NULL: it was demanded */
    char *algorithm, *hex;
    struct digest *digest;        /* NULL: the output's own will do */
    char actual[DIGEST_HEX_SIZE]; /* when the bytes are whole */
};

/* `computed_anyway` is the algorithm of the output's own digest, or NULL. */
void expectation_init(struct expectation *expectation, const char *source, const char *algorithm, const char *hex,
                      const char *computed_anyway);
void expectation_release(struct expectation *expectation);

/* Are the bytes, all together, as expected?  `own` is the output's digest. */
bool expectation_finish(struct expectation *expectation, const char *own);
